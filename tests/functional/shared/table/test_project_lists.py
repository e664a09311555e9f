from typing import TYPE_CHECKING

import pytest

from load.read_units import Meter
from shared.cursors import InvalidCursorError
from shared.table import keys
from shared.table.project_lists import ORDERS, Due, Order, ProjectLists
from tests.functional.conftest import TABLE
from tests.functional.shared.table.projects import LOCALES, changed, identifier, project, put, put_many

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

FORWARD = Order("position", descending=False)
ALL, FEATURED = keys.projects_facet(), keys.projects_facet(featured=True)
PUBLISHED = ("published",)


@pytest.fixture
def lists(dynamodb: "DynamoDBClient") -> ProjectLists:
    return ProjectLists(dynamodb, TABLE)


def test_no_locale_is_known_before_a_project_is_written_in_it(lists: ProjectLists) -> None:
    assert lists.locales() == ()


def test_each_locale_is_known_once(lists: ProjectLists, dynamodb: "DynamoDBClient") -> None:
    put_many(dynamodb, TABLE, [project(number, locale=LOCALES[number % 3]) for number in range(6)])

    assert lists.locales() == tuple(sorted(LOCALES))


@pytest.mark.parametrize(("statuses", "locales"), [((), ("en",)), (PUBLISHED, ())], ids=["no status", "no locale"])
def test_of_nothing_there_is_one_empty_page(
    lists: ProjectLists, dynamodb: "DynamoDBClient", statuses: tuple[str, ...], locales: tuple[str, ...]
) -> None:
    put_many(dynamodb, TABLE, [project(1)])

    assert lists.page(statuses, locales, ALL, order=FORWARD, limit=20) == ([], None)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("order", [Order(by, descending) for by in ORDERS for descending in (False, True)], ids=str)
def test_partitions_that_differ_in_length_are_merged_into_one_order(
    lists: ProjectLists, dynamodb: "DynamoDBClient", order: Order, limit: int
) -> None:
    # One partition is far longer than its share of a page, and so is read on.
    stored = [
        project(number, position=number, title=f"{number:03d}", locale="de" if number % 11 == 0 else "en")
        for number in range(40)
    ]
    put_many(dynamodb, TABLE, stored)
    found, cursor = [], None

    while True:
        page = lists.page(PUBLISHED, ("de", "en"), ALL, order=order, limit=limit, cursor=cursor)
        found += [item["id"] for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert found == sorted((item.id for item in stored), reverse=order.descending)


def test_a_page_may_be_larger_than_one_answer_of_dynamodb(lists: ProjectLists, dynamodb: "DynamoDBClient") -> None:
    # A query answers with 1 MB at most, whatever its limit.
    long = {"src": "https://example.org/" + "x" * 2000, "caption": "ü" * 300}
    stored = [project(number, position=number, cover=long, summary="𝔘" * 3000) for number in range(100)]
    put_many(dynamodb, TABLE, stored)

    page = lists.page(PUBLISHED, ("en",), ALL, order=FORWARD, limit=100)

    assert [item["id"] for item in page.items] == [item.id for item in stored]


def test_a_project_is_listed_where_it_belongs_and_nowhere_else(lists: ProjectLists, dynamodb: "DynamoDBClient") -> None:
    stored = put(dynamodb, TABLE, None, project(1, featured=True, tags=["Park"]))

    put(dynamodb, TABLE, stored, changed(stored, status="archived", locale="de", featured=False))

    places = [("published", "en", ALL), ("published", "en", FEATURED), ("archived", "de", FEATURED)]
    for status, locale, facet in places:
        assert lists.page((status,), (locale,), facet, order=FORWARD, limit=20).items == []
    (item,) = lists.page(("archived",), ("de",), keys.projects_facet(tag="PARK"), order=FORWARD, limit=20).items
    assert item["status"] == "archived"


@pytest.mark.parametrize(
    "choice",
    [{"tag": "#featured#"}, {"tag": "##"}, {"year": "2026", "tag": "featured"}, {"featured": True, "tag": "2026"}],
    ids=str,
)
def test_a_tag_of_any_characters_is_no_other_choice(
    lists: ProjectLists, dynamodb: "DynamoDBClient", choice: dict[str, str]
) -> None:
    put_many(dynamodb, TABLE, [project(1, featured=True, tags=["Park"])])

    assert lists.page(PUBLISHED, ("en",), keys.projects_facet(**choice), order=FORWARD, limit=20).items == []  # type: ignore[arg-type]


@pytest.mark.parametrize("other", [Order("position", descending=True), Order("date", descending=False)], ids=str)
def test_a_cursor_of_another_order_is_refused(lists: ProjectLists, dynamodb: "DynamoDBClient", other: Order) -> None:
    put_many(dynamodb, TABLE, [project(number) for number in range(3)])
    cursor = lists.page(PUBLISHED, ("en",), ALL, order=FORWARD, limit=1).next_cursor

    with pytest.raises(InvalidCursorError):
        lists.page(PUBLISHED, ("en",), ALL, order=other, limit=1, cursor=cursor)


def test_a_page_reads_its_share_of_each_partition_and_what_that_lacks(
    lists: ProjectLists, dynamodb: "DynamoDBClient"
) -> None:
    put_many(dynamodb, TABLE, [project(number, locale=("de", "en")[number % 2]) for number in range(60)])
    meter = Meter(dynamodb)

    lists.page(PUBLISHED, ("de", "en"), ALL, order=FORWARD, limit=20)

    assert [(call.operation, call.parameters["Limit"]) for call in meter.calls] == [("Query", 12), ("Query", 12)]


def test_what_is_due_is_found_by_its_time(lists: ProjectLists, dynamodb: "DynamoDBClient") -> None:
    moments = ["2026-01-31T12:00:00.000Z", "2026-01-31T12:00:00.001Z", "2026-02-01T00:00:00.000Z"]
    put_many(
        dynamodb, TABLE, [project(number, unpublish_at=moment, version=4) for number, moment in enumerate(moments)]
    )

    due = lists.due(moments[1], limit=10)

    assert due == [Due(identifier(0), moments[0], 4), Due(identifier(1), moments[1], 4)]
    assert lists.due(moments[1], limit=1) == due[:1]
    assert lists.due("2026-01-31T11:59:59.999Z", limit=10) == []
