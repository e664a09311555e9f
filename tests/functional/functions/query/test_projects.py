"""Who sees what in lists of projects, and how long it may be kept."""

import json
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from schemas.project_responses import ProjectPage
from tests.functional.conftest import TABLE
from tests.functional.functions.query.asking import LIST, document_of, ids_of, listed, send
from tests.functional.functions.query.conftest import EDITORS
from tests.functional.shared.table.projects import identifier, project, put_many
from tests.unit.shared.tokens.issuing import Flavour, private_key, signed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

EVERY_STATUS = [
    project(1),
    project(2, status="draft", publish_at="2030-01-01T00:00:00.000Z"),
    project(3, status="archived"),
    project(4, deleted_at="2026-02-01T00:00:00.000Z"),
]
PUBLISHED, DRAFT, ARCHIVED, TRASHED = (item.id for item in EVERY_STATUS)
BELOW_EDITORS = [None, "viewer", "staff"]
"""No token, a token of too low a role, and one that gives no role."""


@pytest.fixture
def filled(reader: ModuleType, dynamodb: "DynamoDBClient") -> ModuleType:
    put_many(dynamodb, TABLE, EVERY_STATUS)
    return reader


def test_a_list_is_a_page_of_the_contract(filled: ModuleType) -> None:
    response = listed(filled, role="editor")

    page = ProjectPage.model_validate(document_of(response))
    assert (response["statusCode"], len(page.items), page.next_cursor) == (200, 3, None)


def test_an_empty_list_is_a_page(reader: ModuleType) -> None:
    assert document_of(listed(reader)) == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("role", BELOW_EDITORS)
def test_the_public_sees_what_is_published_and_nothing_else(filled: ModuleType, role: str | None) -> None:
    assert ids_of(listed(filled, role=role)) == [PUBLISHED]


@pytest.mark.parametrize("role", BELOW_EDITORS)
@pytest.mark.parametrize("status", ["draft", "archived", "trashed"])
def test_what_is_not_public_is_as_if_it_did_not_exist(filled: ModuleType, role: str | None, status: str) -> None:
    assert document_of(listed(filled, role=role, status=status)) == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("role", ["editor", "admin"])
def test_editors_see_all_but_the_trash(filled: ModuleType, role: str) -> None:
    assert sorted(ids_of(listed(filled, role=role))) == [PUBLISHED, DRAFT, ARCHIVED]


@pytest.mark.parametrize(
    ("status", "expected"), [("draft", DRAFT), ("published", PUBLISHED), ("archived", ARCHIVED), ("trashed", TRASHED)]
)
def test_editors_see_each_status_by_itself(filled: ModuleType, status: str, expected: str) -> None:
    assert ids_of(listed(filled, role="editor", status=status)) == [expected]


@pytest.mark.parametrize("role", BELOW_EDITORS)
def test_the_public_is_not_told_who_wrote_it_and_what_is_planned(
    reader: ModuleType, dynamodb: "DynamoDBClient", role: str | None
) -> None:
    put_many(dynamodb, TABLE, [project(1, unpublish_at="2030-01-01T00:00:00.000Z")])

    (item,) = document_of(listed(reader, role=role))["items"]

    assert not {"created_by", "updated_by", "publish_at", "unpublish_at", "deleted_at"} & item.keys()
    assert {"id", "version", "title", "slug", "status", "created_at", "updated_at", "published_at"} <= item.keys()


def test_editors_are_told_who_wrote_it_and_what_is_planned(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    put_many(dynamodb, TABLE, [project(1, unpublish_at="2030-01-01T00:00:00.000Z")])

    (item,) = document_of(listed(reader, role="editor"))["items"]

    assert {"created_by", "updated_by", "unpublish_at"} <= item.keys()


@pytest.mark.parametrize("role", [None, "editor"])
def test_lists_leave_out_what_only_a_page_of_its_own_needs(
    reader: ModuleType, dynamodb: "DynamoDBClient", role: str | None
) -> None:
    long = {"body": "# Engine", "images": [{"src": "content:1"}], "links": [{"url": "https://example.org/"}]}
    put_many(dynamodb, TABLE, [project(1, **long, custom={"a": "b"}, seo={"title": "Engine"})])

    (item,) = document_of(listed(reader, role=role))["items"]

    assert not {"body", "images", "links", "custom", "seo"} & item.keys()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("title", {"id", "title"}),
        ("id", {"id"}),
        (" title , slug,,", {"id", "title", "slug"}),
        ("title,title", {"id", "title"}),
        # It has no date: what is absent stays absent.
        ("date,featured", {"id", "featured"}),
    ],
)
def test_an_item_has_the_fields_that_were_asked_for(filled: ModuleType, fields: str, expected: set[str]) -> None:
    (item,) = document_of(listed(filled, fields=fields))["items"]

    assert item.keys() == expected


def test_no_choice_of_fields_shows_the_public_more(filled: ModuleType) -> None:
    (item,) = document_of(listed(filled, fields="created_by,updated_by,unpublish_at,status"))["items"]

    assert item.keys() == {"id", "status"}


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        *(("limit", value) for value in ("", "0", "101", "-1", "1.5", "ten", " 5", "٥", "9" * 5000)),
        *(("status", value) for value in ("", "Draft", "deleted", "draft,published")),
        *(("locale", value) for value in ("", "d", "de_DE", "de#", "de-DE-1901-x", "d" * 5000)),
        *(("year", value) for value in ("", "25", "20255", "２０２５", "2o25", "2025#", "-025")),
        *(("featured", value) for value in ("", "false", "True", "1")),
        *(("tag", value) for value in ("", " ", "x" * 51)),
        *(("sort", value) for value in ("", "-", "Title", "created_at", "+date", "--date", "date-")),
        *(("fields", value) for value in ("", ",", "title,PK", "body", "*", "document")),
        *(("cursor", value) for value in ("x", "AAAA", "!!", "ä")),
    ],
    ids=lambda value: value[:14],
)
@pytest.mark.parametrize("role", [None, "editor"])
def test_a_parameter_that_makes_no_sense_is_named(
    filled: ModuleType, role: str | None, parameter: str, value: str
) -> None:
    response = listed(filled, role=role, **{parameter: value})

    problem = document_of(response)
    assert (response["statusCode"], problem["status"]) == (400, 400)
    assert problem["errors"][0]["detail"].startswith(f"{parameter}: Must be ")


@pytest.mark.parametrize("narrowed", [{"tag": "park"}, {"year": "2026"}, {"featured": "true"}])
def test_the_trash_cannot_be_narrowed_but_by_locale(filled: ModuleType, narrowed: dict[str, str]) -> None:
    response = listed(filled, role="editor", status="trashed", **narrowed)

    assert response["statusCode"] == 400
    assert document_of(response)["errors"][0]["detail"] == (
        "status: The trash can't be narrowed by tag, year or featured."
    )


NOW = int(time.time())
HOSTILE = {
    "expired": lambda: EDITORS.token(exp=NOW - 3600),
    "of an issuer that nobody trusts": lambda: EDITORS.token(iss="https://evil.example"),
    "of an issuer that another stage trusts": lambda: Flavour("cognito", "ES256").token(),
    "for another audience": lambda: EDITORS.token(aud="another"),
    "signed with a key of one's own": lambda: signed(
        EDITORS.header(), EDITORS.claims(), "ES256", key=private_key("ES256", "mine")
    ),
    "no token": lambda: "drafts, please",
}


@pytest.mark.parametrize("token", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", [LIST, "api_get_project"])
def test_a_token_that_cannot_be_trusted_is_refused_and_not_silently_public(
    filled: ModuleType, name: str, token: Any
) -> None:
    response = send(filled, name, headers={"Authorization": f"Bearer {token()}"})

    problem = document_of(response)
    assert (response["statusCode"], problem["status"]) == (401, 401)
    assert response["headers"]["WWW-Authenticate"] == "Bearer"
    assert "items" not in problem


@pytest.mark.parametrize("role", BELOW_EDITORS)
def test_everybodys_list_may_be_kept_for_a_minute_by_those_who_serve_many(filled: ModuleType, role: str | None) -> None:
    headers = listed(filled, role=role)["headers"]

    assert headers["Cache-Control"] == "public, max-age=0, s-maxage=60, stale-while-revalidate=60"


@pytest.mark.parametrize("query", [{}, {"status": "published"}, {"status": "draft"}], ids=str)
def test_an_editors_list_may_be_kept_by_nobody_else(filled: ModuleType, query: dict[str, str]) -> None:
    assert listed(filled, role="editor", **query)["headers"]["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("role", [None, "editor"])
def test_a_list_says_what_it_depends_on(filled: ModuleType, role: str | None) -> None:
    vary = listed(filled, role=role)["headers"]["Vary"]

    assert {name.strip() for name in vary.split(",")} == {"Origin", "Authorization"}


@pytest.mark.parametrize("role", [None, "editor"])
def test_who_has_the_list_is_not_sent_it_again(filled: ModuleType, role: str | None) -> None:
    first = listed(filled, role=role)

    again = send(filled, LIST, role=role, headers={"If-None-Match": first["headers"]["ETag"]})

    assert (again["statusCode"], again["body"]) == (304, "")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again["headers"][name] == first["headers"][name]


def test_a_list_that_grew_is_sent_again(filled: ModuleType, dynamodb: "DynamoDBClient") -> None:
    tag = listed(filled)["headers"]["ETag"]
    put_many(dynamodb, TABLE, [project(5)])

    assert send(filled, LIST, headers={"If-None-Match": tag})["statusCode"] == 200


def test_the_public_cannot_tell_an_editors_list_by_its_tag(filled: ModuleType) -> None:
    tag = listed(filled, role="editor")["headers"]["ETag"]

    assert send(filled, LIST, headers={"If-None-Match": tag})["statusCode"] == 200


@pytest.mark.parametrize("role", [None, "editor"])
def test_no_key_of_the_table_leaves_it(filled: ModuleType, role: str | None) -> None:
    body = listed(filled, role=role)["body"]

    assert not [name for name in ("PK", "SK", "GSI", "PROJECT#", "PROJECTS#") if name in body]


def test_a_list_over_all_locales_knows_each_that_was_ever_written_in(
    reader: ModuleType, dynamodb: "DynamoDBClient"
) -> None:
    put_many(dynamodb, TABLE, [project(1, locale="de"), project(2, locale="zh-Hant-TW"), project(3, locale="es-419")])

    assert ids_of(listed(reader)) == [identifier(1), identifier(2), identifier(3)]
    assert ids_of(listed(reader, locale="zh-Hant-TW")) == [identifier(2)]


def test_the_log_line_of_a_list_holds_nothing_that_was_asked_for(
    filled: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    listed(filled, tag="kanarienvogel-4711")

    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["route"], line["status"]) == ("GET /api/projects", 200)
    assert "kanarienvogel" not in str(line)
