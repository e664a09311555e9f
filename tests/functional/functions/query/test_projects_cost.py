"""What a list costs: read units by the page, whatever the table holds."""

from collections.abc import Callable
from datetime import date, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from load.read_units import Meter
from shared.projects.project import Project
from shared.table import keys
from shared.table.items import to_item
from shared.table.project_entries import entries
from tests.functional.conftest import TABLE
from tests.functional.functions.query.asking import document_of, ids_of, listed, read
from tests.functional.shared.table.projects import project, put_items, put_many

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

FEW, SOME, MANY, PAGE = 100, 500, 10_000, 20
MOST_UNITS = 25
TAG = "bridges"
PLAIN, TAGGED = keys.projects_facet(), keys.projects_facet(tag=TAG)
STATUSES = ("published", "published", "published", "draft", "archived")
SUMMARY = "A bridge over the river that takes trams, bicycles and people on foot, built while the old one was in use. "

LISTS: dict[str, tuple[str | None, dict[str, str]]] = {
    "everybody's": (None, {}),
    "everybody's, of one locale": (None, {"locale": "de"}),
    "everybody's, newest first": (None, {"sort": "-date"}),
    "everybody's, of a tag": (None, {"tag": TAG}),
    "an editor's": ("editor", {}),
    "an editor's, by title": ("editor", {"sort": "title"}),
}


def typical(number: int) -> Project:
    """Return one of many projects with the tag, of every status and locale in turn."""
    return project(
        number,
        status=STATUSES[number % 5],
        locale=("de", "en")[number // 5 % 2],
        title=f"A bridge in the valley, number {number:05d}",
        position=number,
        date=str(date(1990, 1, 1) + timedelta(days=number)),
        summary=SUMMARY * 4,
        tags=["steel", "trams", "rivers", TAG],
        client="City of Example, department of roads",
        cover={"src": f"content:pictures/bridges/{number:05d}.webp", "alt": "The bridge from the east", "width": 1600},
    )


def fill(client: "DynamoDBClient", count: int) -> None:
    """Store what lists of so many projects read: the entries of all, and of some in the list of the tag."""
    writes: list[Any] = [
        {"Put": {"TableName": TABLE, "Item": to_item(entry)}}
        for number in range(count)
        for facet, entry in entries(typical(number)).items()
        if facet == PLAIN or (facet == TAGGED and number < SOME)
    ]
    put_items(client, TABLE, writes)
    for locale in ("de", "en"):
        client.update_item(
            TableName=TABLE,
            Key=to_item(keys.project_locales()),
            UpdateExpression="ADD locales :locale",
            ExpressionAttributeValues={":locale": {"SS": [locale]}},
        )


def measured(function: ModuleType, role: str | None, query: dict[str, str]) -> Meter:
    """Return the calls of a list of twenty."""
    meter = Meter(function.dynamodb)
    assert len(ids_of(listed(function, role=role, limit=str(PAGE), **query))) == PAGE
    return meter


def test_a_page_costs_the_same_however_many_projects_there_are(
    reader: ModuleType, dynamodb: "DynamoDBClient", show_figure: Callable[[str], None]
) -> None:
    units: dict[int, dict[str, float]] = {}
    for count in (FEW, MANY):
        fill(dynamodb, count)
        units[count] = {name: measured(reader, role, query).units for name, (role, query) in LISTS.items()}
        for name, found in units[count].items():
            show_figure(f"read units of {PAGE} projects of {count:,}, {name}: {found:g}")

    assert max(units[MANY].values()) <= MOST_UNITS
    assert units[MANY] == units[FEW]


def test_a_page_in_the_middle_costs_no_more_than_the_first(
    reader: ModuleType, dynamodb: "DynamoDBClient", show_figure: Callable[[str], None]
) -> None:
    fill(dynamodb, 1000)
    first = measured(reader, None, {}).units
    query: dict[str, str] = {}
    for _ in range(3):
        query = {"cursor": document_of(listed(reader, limit="100", **query))["next_cursor"]}

    later = measured(reader, None, query).units

    show_figure(f"read units of {PAGE} projects of 1,000, everybody's, after 300: {later:g}")
    assert later == first


@pytest.mark.parametrize(("role", "query"), LISTS.values(), ids=LISTS)
def test_a_list_is_read_by_key_conditions_alone(
    reader: ModuleType, dynamodb: "DynamoDBClient", role: str | None, query: dict[str, str]
) -> None:
    fill(dynamodb, FEW)

    calls = measured(reader, role, query).calls

    assert {call.operation for call in calls} <= {"GetItem", "Query"}
    for call in calls:
        assert not {"FilterExpression", "QueryFilter", "ProjectionExpression", "Select"} & call.parameters.keys()


def test_the_longest_entries_that_ascii_can_be_written_in_are_paid_for_by_their_length(
    reader: ModuleType, dynamodb: "DynamoDBClient", show_figure: Callable[[str], None]
) -> None:
    picture = {"src": "https://example.org/" + "x" * 2028, "alt": "x" * 300, "caption": "x" * 300}
    longest = [
        project(
            number, title="x" * 200, summary="x" * 600, client="x" * 200, slug=f"{'x' * 90}-{number}",
            tags=[f"{'x' * 48}{tag}" for tag in range(10, 20)], cover=picture,
        )
        for number in range(2 * PAGE)
    ]  # fmt: skip
    put_many(dynamodb, TABLE, longest)

    units = measured(reader, None, {}).units

    show_figure(f"read units of {PAGE} projects with the longest entries in ASCII, everybody's: {units:g}")
    assert units <= MOST_UNITS


@pytest.mark.parametrize(("name", "units"), [("project-1", 2), ("01990000-0000-7000-8000-000000000001", 1)])
def test_a_project_costs_one_read_more_by_its_slug_than_by_its_id(
    reader: ModuleType, dynamodb: "DynamoDBClient", name: str, units: int
) -> None:
    put_many(dynamodb, TABLE, [project(1)])
    meter = Meter(reader.dynamodb)

    read(reader, name)

    assert meter.units == units
