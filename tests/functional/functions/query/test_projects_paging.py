"""Lists of projects, a page at a time."""

from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from shared.cursors import encode_cursor
from tests.functional.conftest import TABLE
from tests.functional.functions.query.asking import document_of, ids_of, listed, walk
from tests.functional.shared.table.projects import changed, identifier, project, put, put_many, some

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PROJECTS = some(60, seed=42)
SORTS = ("position", "-position", "date", "-date", "title", "-title")


@pytest.fixture
def filled(reader: ModuleType, dynamodb: "DynamoDBClient") -> ModuleType:
    put_many(dynamodb, TABLE, PROJECTS)
    return reader


@pytest.mark.parametrize("limit", ["3", "20"])
@pytest.mark.parametrize("sort", SORTS)
def test_the_pages_of_a_list_hold_each_project_once_in_its_order(filled: ModuleType, sort: str, limit: str) -> None:
    whole = ids_of(listed(filled, role="editor", sort=sort, limit="100"))

    pages = walk(filled, role="editor", sort=sort, limit=limit)

    assert [identity for page in pages for identity in page] == whole
    assert all(len(page) == int(limit) for page in pages[:-1])
    assert pages[-1]


@pytest.mark.parametrize("query", [{"status": "published"}, {"locale": "de"}, {"tag": "park"}, {"year": "2025"}])
def test_the_pages_of_a_narrowed_list_hold_each_project_once(filled: ModuleType, query: dict[str, str]) -> None:
    whole = ids_of(listed(filled, role="editor", limit="100", **query))

    pages = walk(filled, role="editor", limit="3", **query)

    assert len(pages) > 1
    assert [identity for page in pages for identity in page] == whole


@pytest.mark.parametrize("count", [1, 19, 20, 21, 40])
def test_only_a_page_with_a_successor_has_a_cursor(reader: ModuleType, dynamodb: "DynamoDBClient", count: int) -> None:
    put_many(dynamodb, TABLE, [project(number) for number in range(count)])

    pages = walk(reader)

    assert len(pages) == -(-count // 20)
    assert all(pages)


def test_what_is_published_meanwhile_shifts_no_page(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    put_many(dynamodb, TABLE, [project(number, position=number) for number in range(1, 9)])
    first = listed(reader, limit="4")

    put_many(dynamodb, TABLE, [project(9, position=0)])
    second = listed(reader, limit="4", cursor=document_of(first)["next_cursor"])

    assert ids_of(first) + ids_of(second) == [identifier(number) for number in range(1, 9)]


def test_a_page_goes_on_where_its_last_project_was_although_that_has_gone(
    reader: ModuleType, dynamodb: "DynamoDBClient"
) -> None:
    stored = [project(number, position=number) for number in range(1, 5)]
    put_many(dynamodb, TABLE, stored)
    first = listed(reader, limit="2")

    put(dynamodb, TABLE, stored[1], changed(stored[1], status="archived"))
    second = listed(reader, limit="2", cursor=document_of(first)["next_cursor"])

    assert ids_of(second) == [identifier(3), identifier(4)]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("other", SORTS)
def test_a_cursor_goes_on_in_its_own_order_and_is_refused_in_any_other(
    filled: ModuleType, sort: str, other: str
) -> None:
    cursor = document_of(listed(filled, role="editor", sort=sort, limit="5"))["next_cursor"]

    response = listed(filled, role="editor", sort=other, limit="5", cursor=cursor)

    assert response["statusCode"] == (200 if sort == other else 400)
    if sort != other:
        assert document_of(response)["errors"][0]["detail"].startswith("cursor: Must be the `next_cursor`")


@pytest.mark.parametrize("sort", ["title", "-title"])
@pytest.mark.parametrize("title", ["\u0301", "Ⅷ" * 200, "𝔘" * 200, "ﷺ" * 200, "#", "a#b", "\U0010ffff"])
def test_a_cursor_after_any_title_goes_on(
    reader: ModuleType, dynamodb: "DynamoDBClient", sort: str, title: str
) -> None:
    put_many(dynamodb, TABLE, [project(number, title=title) for number in range(1, 4)])

    pages = walk(reader, sort=sort, limit="1")

    assert sorted(pages) == [[identifier(1)], [identifier(2)], [identifier(3)]]


@pytest.mark.parametrize("place", ["", "x" * 36, "x" * 118, "\U0001d518" * 300])
def test_a_cursor_whose_place_is_no_key_of_a_list_is_refused(filled: ModuleType, place: str) -> None:
    response = listed(filled, sort="title", cursor=encode_cursor(f"title+{place}"))

    assert response["statusCode"] == 400
