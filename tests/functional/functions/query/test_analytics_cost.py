"""What a report costs: read units by its days, whatever was counted on them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from load.read_units import Meter
from shared.analytics.dimensions import GROUPS, METRICS
from tests.functional.conftest import TABLE
from tests.functional.functions.query.test_analytics import report
from tests.functional.shared.table.rollups import put, rollup, site

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOW = datetime(2026, 11, 27, 11, 0, tzinfo=UTC).timestamp()
LAST = date(2026, 11, 27)
FEW, MANY = 10_000, 1_000_000
PAGES = 200
MOST_TIMES = 1.2

REPORTS: dict[str, dict[str, str]] = {
    "30 days, all metrics": {"period": "30d"},
    "30 days, all metrics, compared": {"period": "30d", "compare": "previous"},
    "30 days, by page": {"period": "30d", "dimension": "page"},
    "30 days, by country": {"period": "30d", "dimension": "country"},
    "12 months, all metrics": {"period": "12mo"},
}


def fill(client: "DynamoDBClient", events: int) -> None:
    """Store a year of rollups of a site that has so many events in 30 days."""
    daily = events // 30
    vector = [daily, daily // 3, daily // 6, daily * 20, daily // 10, daily // 4]
    values = {"country": [f"C{number}" for number in range(40)], "page": [f"/pages/{n:03d}" for n in range(PAGES)]}
    items: list[dict[str, Any]] = [site(shards=1)]
    for number in range(365):
        day = str(LAST - timedelta(days=number))
        items.append(rollup("totals", day, {"total": {"": vector}}))
        for group, dimension in (("audience", "country"), ("pages", "page")):
            own = [max(1, count // len(values[dimension])) for count in vector[: len(METRICS[dimension])]]
            items.append(rollup(group, day, {dimension: dict.fromkeys(values[dimension], own)}))
    put(client, TABLE, items)


@pytest.fixture
def analytics(load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load("functions.query.analytics")
    monkeypatch.setattr(module, "clock", lambda: NOW)
    return module


def measured(function: ModuleType, query: dict[str, str]) -> Meter:
    """Return the calls of a report."""
    meter = Meter(function.dynamodb)
    assert report(function, **query)["totals"]["pageviews"] > 0
    return meter


@pytest.fixture(scope="module")
def at_few() -> dict[str, float]:
    """Return what each report cost with few events."""
    return {}


@pytest.mark.parametrize("events", [FEW, MANY])
def test_a_report_costs_the_same_however_many_events_were_counted(
    analytics: ModuleType,
    dynamodb: "DynamoDBClient",
    show_figure: Callable[[str], None],
    at_few: dict[str, float],
    events: int,
) -> None:
    fill(dynamodb, events)

    units = {name: measured(analytics, query).units for name, query in REPORTS.items()}

    for name, found in units.items():
        show_figure(f"read units of a report at {events:,} events a month, {name}: {found:g}")
        assert found <= MOST_TIMES * at_few.get(name, found)
    assert units["30 days, all metrics"] <= 3
    at_few.update(units)


@pytest.mark.parametrize("query", REPORTS.values(), ids=REPORTS)
def test_a_report_is_read_by_key_conditions_alone(
    analytics: ModuleType, dynamodb: "DynamoDBClient", query: dict[str, str]
) -> None:
    fill(dynamodb, FEW)

    calls = measured(analytics, query).calls

    assert {call.operation for call in calls} == {"GetItem", "Query"}
    for call in calls:
        assert not {"FilterExpression", "IndexName", "ProjectionExpression", "Select"} & call.parameters.keys()


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ({}, {"totals"}),
        ({"dimension": "page"}, {"totals", "pages"}),
        ({"filter": "country:C1"}, {"audience"}),
        ({"filter": "page:/pages/001", "dimension": "page"}, {"pages"}),
    ],
)
def test_a_report_reads_only_what_it_tells_of(
    analytics: ModuleType, dynamodb: "DynamoDBClient", query: dict[str, str], groups: set[str]
) -> None:
    fill(dynamodb, FEW)

    calls = measured(analytics, query).calls

    partitions = [call.parameters["ExpressionAttributeValues"][":partition"]["S"] for call in calls[1:-1]]
    assert {partition.split("#")[2] for partition in partitions} == groups
    assert groups <= GROUPS.keys()
    assert len(partitions) == 2 * len(groups)
