import base64
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

from shared.cursors import InvalidCursorError
from shared.table.submissions import Page, SubmissionTable
from tests.functional.conftest import TABLE
from tests.functional.shared.table.submissions import STATUSES, fill, put

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

MANY = 300
ALL_BUT_SPAM = ("new", "read", "archived")


@pytest.fixture
def repository(dynamodb: "DynamoDBClient") -> SubmissionTable:
    return SubmissionTable(dynamodb, TABLE)


def ids_of(page: Page) -> list[str]:
    return [item["id"] for item in page.items]


def pages_of(repository: SubmissionTable, statuses: Iterable[str], limit: int) -> list[list[str]]:
    """Return the ids of every page from the first to the last."""
    statuses, pages, cursor = tuple(statuses), [], None
    while True:
        page = repository.page(statuses, limit=limit, cursor=cursor)
        pages.append(ids_of(page))
        cursor = page.next_cursor
        if cursor is None:
            return pages


def newest_first(found: dict[str, list[str]], statuses: Iterable[str]) -> list[str]:
    # Ids grow with the time of submission, also within one moment.
    return sorted((identity for status in statuses for identity in found[status]), reverse=True)


@pytest.mark.parametrize("statuses", [ALL_BUT_SPAM, ("spam",), ("new",), STATUSES], ids="+".join)
@pytest.mark.parametrize("limit", [23, 100, MANY])
def test_pages_hold_every_submission_once_newest_first(
    repository: SubmissionTable, dynamodb: "DynamoDBClient", statuses: tuple[str, ...], limit: int
) -> None:
    found = fill(dynamodb, TABLE, MANY)

    pages = pages_of(repository, statuses, limit)

    assert [identity for page in pages for identity in page] == newest_first(found, statuses)
    assert all(len(page) == limit for page in pages[:-1])


def test_pages_of_one_hold_every_submission_once(repository: SubmissionTable, dynamodb: "DynamoDBClient") -> None:
    found = fill(dynamodb, TABLE, 30)

    pages = pages_of(repository, STATUSES, 1)

    assert pages == [[identity] for identity in newest_first(found, STATUSES)]


@pytest.mark.parametrize("count", [1, 2, 19, 20, 21, 40])
def test_only_a_page_with_a_successor_has_a_cursor(
    repository: SubmissionTable, dynamodb: "DynamoDBClient", count: int
) -> None:
    fill(dynamodb, TABLE, count)

    pages = pages_of(repository, STATUSES, 20)

    assert len(pages) == -(-count // 20)
    assert all(pages)


def test_a_page_may_be_larger_than_one_answer_of_dynamodb(
    repository: SubmissionTable, dynamodb: "DynamoDBClient"
) -> None:
    # A query answers with 1 MB at most, whatever its limit; a hundred long messages have three times as much.
    found = fill(dynamodb, TABLE, 300, message="ü" * 10_000)

    page = repository.page(["new"], limit=100)

    assert ids_of(page) == found["new"][:100]


def test_what_arrives_meanwhile_shifts_no_page(repository: SubmissionTable, dynamodb: "DynamoDBClient") -> None:
    found = fill(dynamodb, TABLE, 40)
    first = repository.page(STATUSES, limit=20)

    put(dynamodb, TABLE, 1000)
    second = repository.page(STATUSES, limit=20, cursor=first.next_cursor)

    assert ids_of(first) + ids_of(second) == newest_first(found, STATUSES)


def test_of_an_empty_table_there_is_one_empty_page(repository: SubmissionTable) -> None:
    assert repository.page(STATUSES, limit=20) == ([], None)


def test_of_no_status_there_is_one_empty_page(repository: SubmissionTable, dynamodb: "DynamoDBClient") -> None:
    fill(dynamodb, TABLE, 5)

    assert repository.page([], limit=20) == ([], None)


def _encoded(position: str) -> str:
    return base64.urlsafe_b64encode(position.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "!!!!", "ä", "A" * 100, "=", "\n", _encoded("2026-01-31T12:00:00.000Z"),
        _encoded("CONTACT#new"), _encoded("2026-01-31T12:00:00.000Z#../../../../../../../../../../../../"),
        _encoded("2026-01-31T12:00:00.000Z#01990000-0000-7000-8000-0000000000010"),
        base64.b64encode(b"\xff\xfe").decode(),
    ],
)  # fmt: skip
def test_a_cursor_that_was_not_given_out_is_refused(repository: SubmissionTable, cursor: str) -> None:
    with pytest.raises(InvalidCursorError):
        repository.page(STATUSES, limit=20, cursor=cursor)


def test_a_cursor_fits_into_a_url_as_it_is(repository: SubmissionTable, dynamodb: "DynamoDBClient") -> None:
    fill(dynamodb, TABLE, 3)

    cursor = repository.page(STATUSES, limit=1).next_cursor

    assert cursor is not None
    assert cursor.replace("-", "").replace("_", "").isalnum()
