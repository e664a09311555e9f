"""Projects that are not public, by the token of a preview link."""

import hmac
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

import boto3
import jwt
import pytest

from tests.functional.conftest import TABLE
from tests.functional.functions.query.asking import document_of, listed, read
from tests.functional.functions.query.conftest import EDITORS
from tests.functional.shared.table.projects import changed as next_version
from tests.functional.shared.table.projects import identifier, project, put, put_many
from tests.unit.shared.tokens.issuing import segment

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

KEY = "k" * 64
DRAFT = identifier(1)
PLANNED = {"publish_at": "2030-01-01T00:00:00.000Z"}


def claims(**changes: Any) -> dict[str, Any]:
    made = {"sub": DRAFT, "aud": "sitewire-preview", "exp": int(time.time()) + 600, **changes}
    return {name: value for name, value in made.items() if value is not None}


def token(**changes: Any) -> str:
    return jwt.encode(claims(**changes), KEY, algorithm="HS256")


def unsigned(algorithm: str) -> str:
    return f"{segment({'alg': algorithm, 'typ': 'JWT'})}.{segment(claims())}."


def keyless() -> str:
    content = f"{segment({'alg': 'HS256', 'typ': 'JWT'})}.{segment(claims())}"
    return f"{content}.{segment(hmac.digest(b'', content.encode(), 'sha256'))}"


HOSTILE = {
    "expired": lambda: token(exp=int(time.time()) - 1),
    "of another project": lambda: token(sub=identifier(2)),
    "of no project": lambda: token(sub=None),
    "without an end": lambda: token(exp=None),
    "for another purpose": lambda: token(aud="sitewire-session"),
    "for no purpose": lambda: token(aud=None),
    "not yet": lambda: token(nbf=int(time.time()) + 600),
    "signed with another key": lambda: jwt.encode(claims(), "m" * 64, algorithm="HS256"),
    "signed with an empty key": keyless,
    "signed by another algorithm": lambda: jwt.encode(claims(), KEY, algorithm="HS512"),
    "alg none": lambda: unsigned("none"),
    "alg None": lambda: unsigned("None"),
    "HS256 without a signature": lambda: unsigned("HS256"),
    "a user's": lambda: EDITORS.token("admin"),
    "a subject that is no text": lambda: jwt.encode(
        {"sub": 1, "aud": "sitewire-preview", "exp": 4_000_000_000}, KEY, algorithm="HS256"
    ),
    "changed": lambda: token()[:-2] + "AA",
    "cut off": lambda: token().rpartition(".")[0],
    "empty": lambda: "",
    "dots": lambda: "...",
    "no token": lambda: "ä" * 100,
    "nested deeply": lambda: f"{segment(b'[' * 60_000)}.{segment({})}.AA",
    "a header that is no object": lambda: f"{segment([])}.{segment(claims())}.AA",
}  # fmt: skip


@pytest.fixture
def drafted(reader: ModuleType, dynamodb: "DynamoDBClient") -> ModuleType:
    put_many(dynamodb, TABLE, [project(1, status="draft", slug="engine", **PLANNED), project(2, status="draft")])
    return reader


@pytest.mark.parametrize("name", [DRAFT, "engine"])
def test_a_preview_shows_a_draft_as_everybody_will_see_it(drafted: ModuleType, name: str) -> None:
    response = read(drafted, name, preview=token())

    document = document_of(response)
    assert (response["statusCode"], document["id"], document["status"]) == (200, DRAFT, "draft")
    # Whoever has the link is no editor.
    assert not {"created_by", "updated_by", "publish_at", "unpublish_at"} & document.keys()


def test_a_preview_is_kept_by_nobody_else(drafted: ModuleType) -> None:
    assert read(drafted, DRAFT, preview=token())["headers"]["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("forged", HOSTILE.values(), ids=HOSTILE)
def test_a_token_that_is_not_of_this_project_opens_nothing(drafted: ModuleType, forged: Any) -> None:
    response = read(drafted, DRAFT, preview=forged())

    assert (response["statusCode"], document_of(response)["status"]) == (404, 404)


def test_a_token_opens_no_other_project(drafted: ModuleType) -> None:
    assert read(drafted, identifier(2), preview=token())["statusCode"] == 404


def test_a_token_opens_no_list(drafted: ModuleType) -> None:
    assert document_of(listed(drafted, preview=token(), status="draft"))["items"] == []


def test_what_is_in_the_trash_is_shown_to_nobody_but_editors(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    stored = put(dynamodb, TABLE, None, project(1, status="draft"))
    put(dynamodb, TABLE, stored, next_version(stored, deleted_at="2026-02-01T00:00:00.000Z"))

    assert read(reader, DRAFT, preview=token())["statusCode"] == 404


def test_a_former_slug_is_followed_with_the_token(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    stored = put(dynamodb, TABLE, None, project(1, status="draft", slug="engine"))
    put(dynamodb, TABLE, stored, next_version(stored, slug="motor"))
    opened = token()

    response = read(reader, "engine", preview=opened)

    assert (response["statusCode"], response["headers"]["Cache-Control"]) == (301, "private, no-cache")
    assert f"preview={opened}" in response["headers"]["Location"]


@pytest.mark.parametrize("preview", [token, lambda: "no token"], ids=["valid", "invalid"])
def test_what_is_public_needs_no_token_and_is_the_same_with_any(
    reader: ModuleType, dynamodb: "DynamoDBClient", preview: Any
) -> None:
    put_many(dynamodb, TABLE, [project(1)])

    assert read(reader, DRAFT, preview=preview())["body"] == read(reader, DRAFT)["body"]


def test_a_new_key_ends_the_links_of_before(
    drafted: ModuleType, preview_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = token()
    secrets: Any = boto3.client("secretsmanager")
    secrets.put_secret_value(SecretId=preview_key, SecretString="n" * 64)
    # A function that has the key already keeps it for five minutes.
    monkeypatch.setattr("shared.previews._KEY_MAX_AGE_SECONDS", 0)

    assert read(drafted, DRAFT, preview=before)["statusCode"] == 404
    after = jwt.encode(claims(), "n" * 64, algorithm="HS256")
    assert read(drafted, DRAFT, preview=after)["statusCode"] == 200


def test_who_shows_no_link_does_not_wait_for_the_key(drafted: ModuleType, preview_key: str) -> None:
    secrets: Any = boto3.client("secretsmanager")
    secrets.delete_secret(SecretId=preview_key, ForceDeleteWithoutRecovery=True)

    assert read(drafted, DRAFT)["statusCode"] == 404
    assert read(drafted, DRAFT, role="editor")["statusCode"] == 200


def test_no_line_holds_a_token(drafted: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    opened = token()

    read(drafted, DRAFT, preview=opened)
    read(drafted, identifier(2), preview=opened)

    shown = capsys.readouterr().out
    assert shown
    assert not [part for part in opened.split(".") if part in shown]
