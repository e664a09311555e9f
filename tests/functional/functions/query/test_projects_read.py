"""One project, by its id, its slug or a slug that it had."""

from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from load.read_units import Meter
from schemas.project_responses import Project as ProjectDocument
from shared.projects.project import Purged
from shared.table.projects import ProjectTable
from tests.functional.conftest import TABLE
from tests.functional.functions.query.asking import STAGE_URL, document_of, read, send
from tests.functional.shared.table.projects import NOON, changed, identifier, project, put, put_many

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WHOLE: dict[str, Any] = {
    "slug": "engine",
    "body": "# Engine",
    "images": [{"src": "content:1", "alt": "Wheels"}],
    "links": [{"url": "https://example.org/"}],
    "custom": {"a/b": "c"},
    "seo": {"title": "Engine"},
    "unpublish_at": "2030-01-01T00:00:00.000Z",
}
HIDDEN = {
    "a draft": {"status": "draft"},
    "archived": {"status": "archived"},
    "in the trash": {"deleted_at": "2026-02-01T00:00:00.000Z"},
}
hidden = pytest.mark.parametrize("changes", HIDDEN.values(), ids=HIDDEN)


def test_a_project_is_read_by_its_id_and_by_its_slug(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    put_many(dynamodb, TABLE, [project(1, **WHOLE)])

    by_id, by_slug = read(reader, identifier(1)), read(reader, "engine")

    assert (by_id["statusCode"], by_slug["statusCode"]) == (200, 200)
    assert by_id["body"] == by_slug["body"]
    assert by_id["headers"]["ETag"] == by_slug["headers"]["ETag"]


def test_everybody_reads_all_but_who_wrote_it_and_what_is_planned(
    reader: ModuleType, dynamodb: "DynamoDBClient"
) -> None:
    stored = project(1, **WHOLE)
    put_many(dynamodb, TABLE, [stored])

    document = document_of(read(reader, "engine"))

    ProjectDocument.model_validate(document)
    assert document == {
        name: value
        for name, value in stored.document.items()
        if name not in {"created_by", "updated_by", "publish_at", "unpublish_at", "deleted_at"}
    }


@pytest.mark.parametrize("changes", [{}, *HIDDEN.values()], ids=["published", *HIDDEN])
def test_editors_read_all_there_is(reader: ModuleType, dynamodb: "DynamoDBClient", changes: dict[str, Any]) -> None:
    stored = project(1, **WHOLE, **changes)
    put_many(dynamodb, TABLE, [stored])

    for name in (stored.id, "engine"):
        assert document_of(read(reader, name, role="editor")) == stored.document


@hidden
@pytest.mark.parametrize("role", [None, "viewer"])
def test_what_is_not_public_is_not_found_by_anybody_else(
    reader: ModuleType, dynamodb: "DynamoDBClient", role: str | None, changes: dict[str, Any]
) -> None:
    put_many(dynamodb, TABLE, [project(1, slug="engine", **changes)])
    unknown = read(reader, "unknown", role=role)

    for name in (identifier(1), "engine"):
        response = read(reader, name, role=role)
        assert response["statusCode"] == unknown["statusCode"] == 404
        assert response["body"].replace(name, "unknown") == unknown["body"]


def test_what_was_purged_is_found_by_nobody(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    stored = put(dynamodb, TABLE, None, project(1, deleted_at="2026-02-01T00:00:00.000Z"))
    writes = ProjectTable(dynamodb, TABLE).writes(stored, Purged(stored.id), now=NOON)
    dynamodb.transact_write_items(TransactItems=writes)

    for name in (stored.id, "project-1"):
        assert read(reader, name, role="editor")["statusCode"] == 404


def test_a_slug_names_one_project_in_each_locale(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    put_many(
        dynamodb, TABLE, [project(1, slug="engine", locale="en"), project(2, slug="engine", locale="de")]
    )  # fmt: skip

    found = [document_of(read(reader, "engine", **query))["id"] for query in ({}, {"locale": "en"}, {"locale": "de"})]

    # Without a locale it is looked for in the stage's own.
    assert found == [identifier(1), identifier(1), identifier(2)]


def test_a_slug_of_another_locale_is_not_found(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    put_many(dynamodb, TABLE, [project(1, slug="maschine", locale="de")])

    assert read(reader, "maschine")["statusCode"] == 404
    assert read(reader, "maschine", locale="fr")["statusCode"] == 404


def renamed(dynamodb: "DynamoDBClient", **changes: Any) -> None:
    """Store a project that was called `engine` in English, and changed twice since."""
    first = put(dynamodb, TABLE, None, project(1, slug="engine"))
    second = put(dynamodb, TABLE, first, changed(first, slug="motor"))
    put(dynamodb, TABLE, second, changed(second, **{"slug": "machine", **changes}))


@pytest.mark.parametrize("former", ["engine", "motor"])
def test_every_former_slug_leads_to_the_project_for_good(
    reader: ModuleType, dynamodb: "DynamoDBClient", former: str
) -> None:
    renamed(dynamodb)

    response = read(reader, former)

    assert (response["statusCode"], response["body"]) == (301, "")
    assert response["headers"]["Location"] == f"{STAGE_URL}/api/projects/machine?locale=en"
    assert read(reader, "machine")["statusCode"] == 200


def test_a_redirect_keeps_what_was_asked_for(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    renamed(dynamodb)

    location = urlsplit(read(reader, "engine", fields="title,slug", utm="a b&c=ü#")["headers"]["Location"])

    assert location.path == "/v1/api/projects/machine"
    assert parse_qs(location.query) == {"fields": ["title,slug"], "utm": ["a b&c=ü#"], "locale": ["en"]}
    assert location.query.isascii()


def test_a_project_that_moved_to_another_locale_is_followed_there(
    reader: ModuleType, dynamodb: "DynamoDBClient"
) -> None:
    renamed(dynamodb, slug="maschine", locale="de")

    location = read(reader, "engine", locale="en")["headers"]["Location"]

    assert location == f"{STAGE_URL}/api/projects/maschine?locale=de"
    assert document_of(read(reader, "maschine", locale="de"))["id"] == identifier(1)


@hidden
def test_a_former_slug_does_not_tell_of_what_is_not_public(
    reader: ModuleType, dynamodb: "DynamoDBClient", changes: dict[str, Any]
) -> None:
    renamed(dynamodb, **changes)

    assert read(reader, "engine")["statusCode"] == 404
    response = read(reader, "engine", role="editor")
    assert (response["statusCode"], response["headers"]["Cache-Control"]) == (301, "private, no-cache")


def test_a_redirect_of_a_public_project_may_be_kept_for_a_minute(
    reader: ModuleType, dynamodb: "DynamoDBClient"
) -> None:
    renamed(dynamodb)

    headers = read(reader, "engine")["headers"]

    assert headers["Cache-Control"] == "public, max-age=0, s-maxage=60, stale-while-revalidate=60"
    assert {name.strip() for name in headers["Vary"].split(",")} == {"Origin", "Authorization"}


@pytest.mark.parametrize(
    "name", ["engine" * 500, "é", "a/b", "..", "Engine", "01990000-0000-7000-A000-000000000001", "a#b", "-"]
)
def test_what_is_neither_an_id_nor_a_slug_is_not_found_and_looked_for_nowhere(reader: ModuleType, name: str) -> None:
    meter = Meter(reader.dynamodb)

    response = read(reader, name)

    problem = document_of(response)
    assert (response["statusCode"], problem["status"]) == (404, 404)
    assert len(problem["detail"]) < 200
    # A key has 2048 bytes at most: DynamoDB would refuse the longest of these, and the caller be told of a 500.
    assert meter.calls == []


@pytest.mark.parametrize("locale", ["", "d", "de_DE", "de#", "x" * 3000, "é" * 10])
@pytest.mark.parametrize("name", ["engine", identifier(1)])
def test_a_locale_that_makes_no_sense_is_named(
    reader: ModuleType, dynamodb: "DynamoDBClient", name: str, locale: str
) -> None:
    put_many(dynamodb, TABLE, [project(1, slug="engine")])

    response = read(reader, name, locale=locale)

    assert response["statusCode"] == 400
    assert document_of(response)["errors"][0]["detail"].startswith("locale: Must be a language tag")


@pytest.mark.parametrize(
    ("fields", "expected"), [("body", {"id", "body"}), ("title,seo", {"id", "title", "seo"}), ("publish_at", {"id"})]
)
def test_a_project_has_the_fields_that_were_asked_for(
    reader: ModuleType, dynamodb: "DynamoDBClient", fields: str, expected: set[str]
) -> None:
    put_many(dynamodb, TABLE, [project(1, **WHOLE)])

    assert document_of(read(reader, "engine", fields=fields)).keys() == expected


@pytest.mark.parametrize("fields", ["", "title,body2", "PK", "document"])
def test_a_field_that_no_project_has_is_named(reader: ModuleType, dynamodb: "DynamoDBClient", fields: str) -> None:
    put_many(dynamodb, TABLE, [project(1, **WHOLE)])

    response = read(reader, "engine", fields=fields)

    assert response["statusCode"] == 400
    assert document_of(response)["errors"][0]["detail"].startswith("fields: Must be some of id, version, ")


@pytest.mark.parametrize(
    ("role", "expected"),
    [(None, "public, max-age=0, s-maxage=60, stale-while-revalidate=60"), ("editor", "private, no-cache")],
)
def test_a_project_says_who_may_keep_it_and_what_it_depends_on(
    reader: ModuleType, dynamodb: "DynamoDBClient", role: str | None, expected: str
) -> None:
    put_many(dynamodb, TABLE, [project(1)])

    headers = read(reader, identifier(1), role=role)["headers"]

    assert headers["Cache-Control"] == expected
    assert {name.strip() for name in headers["Vary"].split(",")} == {"Origin", "Authorization"}


@pytest.mark.parametrize("role", [None, "editor"])
def test_who_has_the_project_is_not_sent_it_again(
    reader: ModuleType, dynamodb: "DynamoDBClient", role: str | None
) -> None:
    put_many(dynamodb, TABLE, [project(1)])
    tag = read(reader, identifier(1), role=role)["headers"]["ETag"]

    again = send(reader, "api_get_project", path={"id": identifier(1)}, role=role, headers={"If-None-Match": tag})

    assert (again["statusCode"], again["body"], again["headers"]["ETag"]) == (304, "", tag)


def test_the_tag_of_any_part_of_a_project_names_the_version_that_a_change_must_name(
    reader: ModuleType, dynamodb: "DynamoDBClient"
) -> None:
    put_many(dynamodb, TABLE, [project(1, version=7)])

    tags = [read(reader, identifier(1), role="editor", **query)["headers"]["ETag"] for query in ({}, {"fields": "id"})]

    assert [tag.split("-")[0] for tag in tags] == ['"7', '"7']
    assert tags[0] != tags[1]


def test_a_changed_project_is_sent_again(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    stored = put(dynamodb, TABLE, None, project(1))
    tag = read(reader, stored.id)["headers"]["ETag"]
    put(dynamodb, TABLE, stored, changed(stored, title="Another"))

    again = send(reader, "api_get_project", path={"id": stored.id}, headers={"If-None-Match": tag})

    assert again["statusCode"] == 200


def test_what_was_written_a_moment_ago_is_read(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    # The record itself is read, consistently: the index would follow later.
    put_many(dynamodb, TABLE, [project(1)])
    meter = Meter(reader.dynamodb)

    read(reader, "project-1")

    assert [(call.operation, call.parameters["ConsistentRead"]) for call in meter.calls] == [("GetItem", True)] * 2
