"""Links that show a project before everybody may see it."""

import json
import time
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from schemas.project_responses import Preview
from tests.functional.conftest import TABLE
from tests.functional.functions.query.asking import STAGE_URL, document_of, read, send
from tests.functional.shared.table.projects import identifier, project, put_many

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SHARE = "api_preview_project"
DAY = 24 * 3600


@pytest.fixture
def previews(load: Callable[[str], ModuleType], preview_key: str) -> ModuleType:  # noqa: ARG001
    return load("functions.query.project_previews")


@pytest.fixture
def draft(dynamodb: "DynamoDBClient") -> str:
    put_many(dynamodb, TABLE, [project(1, status="draft")])
    return identifier(1)


def lifetime(response: dict[str, Any]) -> float:
    """Return the seconds that a link opens, from now on."""
    return Preview.model_validate(document_of(response)).expires_at.timestamp() - time.time()


def test_a_link_is_answered_with_its_end(previews: ModuleType, draft: str) -> None:
    response = send(previews, SHARE)

    preview = Preview.model_validate(document_of(response))
    url = urlsplit(preview.url)
    assert response["statusCode"] == 201
    assert preview.url.startswith(f"{STAGE_URL}/api/projects/{draft}?")
    assert parse_qs(url.query) == {"preview": [preview.token]}
    assert jwt.decode(preview.token, options={"verify_signature": False})["exp"] == preview.expires_at.timestamp()


@pytest.mark.parametrize("changes", [{"status": "draft"}, {"status": "archived"}, {"status": "published"}], ids=str)
def test_the_link_opens_the_project(
    previews: ModuleType, reader: ModuleType, dynamodb: "DynamoDBClient", changes: dict[str, str]
) -> None:
    put_many(dynamodb, TABLE, [project(1, **changes), project(2, status="draft")])

    token = document_of(send(previews, SHARE))["token"]

    assert document_of(read(reader, identifier(1), preview=token))["id"] == identifier(1)
    assert read(reader, identifier(2), preview=token)["statusCode"] == 404


@pytest.mark.parametrize("body", ["", "{}"])
def test_a_link_opens_for_a_day_where_nothing_else_is_asked_for(previews: ModuleType, draft: str, body: str) -> None:
    assert draft

    assert lifetime(send(previews, SHARE, body=body)) == pytest.approx(DAY, abs=10)


@pytest.mark.parametrize("seconds", [60, 3600, 30 * DAY])
def test_a_link_opens_for_as_long_as_was_asked_for(previews: ModuleType, draft: str, seconds: int) -> None:
    assert draft

    assert lifetime(send(previews, SHARE, body={"expires_in": seconds})) == pytest.approx(seconds, abs=10)


@pytest.mark.parametrize("seconds", [59, 0, -1, 30 * DAY + 1, "60", 60.5, True, None])
def test_a_time_out_of_bounds_is_refused(previews: ModuleType, draft: str, seconds: object) -> None:
    response = send(previews, SHARE, body=json.dumps({"expires_in": seconds}))

    assert draft
    assert response["statusCode"] == 400
    assert [error["pointer"] for error in document_of(response)["errors"]] == ["/expires_in"]


@pytest.mark.parametrize("body", ["[]", "1", "{", '{"days": 1}', "null"])
def test_a_body_that_is_none_is_refused(previews: ModuleType, draft: str, body: str) -> None:
    assert draft

    assert send(previews, SHARE, body=body)["statusCode"] == 400


def test_a_link_is_kept_by_nobody(previews: ModuleType, draft: str) -> None:
    assert draft

    assert send(previews, SHARE)["headers"]["Cache-Control"] == "no-store"


def test_a_token_names_the_project_and_nobody(previews: ModuleType, draft: str) -> None:
    claims = jwt.decode(document_of(send(previews, SHARE))["token"], options={"verify_signature": False})

    assert claims.keys() == {"sub", "aud", "exp"}
    assert (claims["sub"], claims["aud"]) == (draft, "sitewire-preview")


@pytest.mark.parametrize(
    ("identity", "status"), [(identifier(9), 404), (identifier(3), 404), ("engine", 400), ("..", 400)]
)
def test_there_is_no_link_to_what_is_in_the_trash_or_does_not_exist(
    previews: ModuleType, dynamodb: "DynamoDBClient", identity: str, status: int
) -> None:
    put_many(dynamodb, TABLE, [project(3, deleted_at="2026-02-01T00:00:00.000Z")])

    assert send(previews, SHARE, path={"id": identity})["statusCode"] == status


def test_no_line_holds_a_token(previews: ModuleType, draft: str, capsys: pytest.CaptureFixture[str]) -> None:
    token = document_of(send(previews, SHARE))["token"]

    shown = capsys.readouterr().out
    assert draft
    assert shown
    assert not [part for part in token.split(".") if part in shown]
