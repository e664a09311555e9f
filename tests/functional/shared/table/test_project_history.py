from typing import TYPE_CHECKING

import pytest

from load.read_units import Meter
from shared.cursors import InvalidCursorError, encode_cursor
from shared.projects.project import KEPT_VERSIONS, Project
from shared.table.project_history import ProjectHistory
from tests.functional.conftest import TABLE
from tests.functional.shared.table.projects import changed, identifier, project, put

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

PROJECT = identifier(1)


@pytest.fixture
def history(dynamodb: "DynamoDBClient") -> ProjectHistory:
    return ProjectHistory(dynamodb, TABLE)


def write(client: "DynamoDBClient", versions: int, *, body: str = "") -> Project:
    """Store so many versions of a project, which is in other partitions and records as well."""
    last = put(client, TABLE, None, project(1, unpublish_at="2030-01-01T00:00:00.000Z", tags=["Park"], body=body))
    for number in range(1, versions):
        last = put(client, TABLE, last, changed(last, title=f"Title {number}"))
    return last


def walked(history: ProjectHistory, limit: int) -> list[list[int]]:
    pages, cursor = [], None
    while True:
        page = history.page(PROJECT, limit=limit, cursor=cursor)
        pages.append([document["version"] for document in page.documents])
        cursor = page.next_cursor
        if cursor is None:
            return pages


def test_of_no_project_there_is_one_empty_page(history: ProjectHistory) -> None:
    assert history.page(PROJECT, limit=20) == ([], None)


def test_versions_are_given_newest_first(history: ProjectHistory, dynamodb: "DynamoDBClient") -> None:
    last = write(dynamodb, 12)

    (page,) = walked(history, 50)

    assert page == list(range(12, 0, -1))
    assert history.page(PROJECT, limit=1).documents[0]["title"] == last.document["title"]


@pytest.mark.parametrize("limit", [1, 4, 5, 12, 13])
def test_pages_hold_every_version_once(history: ProjectHistory, dynamodb: "DynamoDBClient", limit: int) -> None:
    write(dynamodb, 12)

    pages = walked(history, limit)

    assert [version for page in pages for version in page] == list(range(12, 0, -1))
    # DynamoDB can't tell that a full page was the last: one that is empty may follow.
    assert all(len(page) == limit for page in pages[:-1])


def test_pages_go_on_where_one_answer_of_dynamodb_ended(history: ProjectHistory, dynamodb: "DynamoDBClient") -> None:
    # A query answers with 1 MB at most, whatever its limit: eight of these are more.
    write(dynamodb, 12, body="ü" * 75_000)

    pages = walked(history, 50)

    assert len(pages) > 1
    assert [version for page in pages for version in page] == list(range(12, 0, -1))


def test_what_is_written_meanwhile_shifts_no_page(history: ProjectHistory, dynamodb: "DynamoDBClient") -> None:
    last = write(dynamodb, 6)
    first = history.page(PROJECT, limit=3)

    put(dynamodb, TABLE, last, changed(last, title="Newest"))
    second = history.page(PROJECT, limit=3, cursor=first.next_cursor)

    assert [document["version"] for document in (*first.documents, *second.documents)] == [6, 5, 4, 3, 2, 1]


def test_no_more_than_the_last_versions_are_kept(history: ProjectHistory, dynamodb: "DynamoDBClient") -> None:
    write(dynamodb, KEPT_VERSIONS + 3)

    (page,) = walked(history, 100)

    assert page == list(range(KEPT_VERSIONS + 3, 3, -1))


def test_versions_of_another_project_are_not_given(history: ProjectHistory, dynamodb: "DynamoDBClient") -> None:
    write(dynamodb, 2)
    put(dynamodb, TABLE, None, project(2))

    assert [document["id"] for document in history.page(PROJECT, limit=20).documents] == [PROJECT, PROJECT]


@pytest.mark.parametrize("position", ["", "x", "-1", "1.0", " 1", "٣", "1000000000", "VERSION#1"])
def test_a_cursor_that_was_not_given_out_is_refused(history: ProjectHistory, position: str) -> None:
    with pytest.raises(InvalidCursorError):
        history.page(PROJECT, limit=20, cursor=encode_cursor(position) or "=")


def test_a_page_is_one_query(history: ProjectHistory, dynamodb: "DynamoDBClient") -> None:
    write(dynamodb, 6)
    meter = Meter(dynamodb)

    history.page(PROJECT, limit=3)

    (call,) = meter.calls
    assert (call.operation, call.parameters["Limit"], call.units) == ("Query", 3, 1)
