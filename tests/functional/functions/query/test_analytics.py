"""Reports, from rollups as the worker writes them. It is noon of Friday, 27 November 2026, at the site in Berlin."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from schemas.analytics_responses import AnalyticsReport
from shared.analytics.dimensions import OTHER
from tests.functional.conftest import TABLE
from tests.functional.shared.table.rollups import live, put, rollup, site
from tests.unit import events

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
NOW = datetime(2026, 11, 27, 11, 0, tzinfo=UTC).timestamp()
MINUTE = int(NOW // 60)
TODAY, YESTERDAY = "2026-11-27", "2026-11-26"
FEW, MANY = [2, 1, 1, 0, 0, 1], [10, 4, 1, 200, 3, 3]


@pytest.fixture
def analytics(load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load("functions.query.analytics")
    monkeypatch.setattr(module, "clock", lambda: NOW)
    return module


def ask(function: ModuleType, headers: dict[str, str | None] | None = None, /, **query: str) -> dict[str, Any]:
    asked = {name.rstrip("_"): value for name, value in query.items()}
    event = events.http_event("api_get_analytics", query=asked or None, headers=headers)
    answer: dict[str, Any] = function.handler(event, CONTEXT)
    return answer


def report(function: ModuleType, /, **query: str) -> dict[str, Any]:
    response = ask(function, **query)
    assert response["statusCode"] == 200, response["body"]
    AnalyticsReport.model_validate_json(response["body"])
    document: dict[str, Any] = json.loads(response["body"])
    return document


def refusal(function: ModuleType, /, **query: str) -> str:
    response = ask(function, **query)
    assert response["statusCode"] == 400, response["body"]
    detail: str = json.loads(response["body"])["errors"][0]["detail"]
    return detail


def test_nothing_was_counted_yet(analytics: ModuleType) -> None:
    found = report(analytics)

    assert found["period"] == {
        "from": "2026-10-29", "to": TODAY, "interval": "day", "time_zone": "Europe/Berlin",
    }  # fmt: skip
    assert (found["site"], found["totals"]["pageviews"], found["rows"]) == ("example.org", 0, [])
    assert found["realtime"] == {"visitors": 0}
    assert len(found["series"]) == 30
    assert {slot["pageviews"] for slot in found["series"]} == {0}


def test_days_are_added_up_within_the_period(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    days = ("2026-10-28", "2026-10-29", "2026-11-01", TODAY)
    put(dynamodb, TABLE, [rollup("totals", day, {"total": {"": MANY}}) for day in days])

    found = report(analytics)

    assert found["totals"] == {
        "pageviews": 30, "visitors": 9, "visits": 12, "events": 9, "bounce_rate": 0.25, "visit_duration": 50.0,
        "views_per_visit": 2.5,
    }  # fmt: skip
    assert [slot["time"] for slot in found["series"] if slot["pageviews"]] == ["2026-10-29", "2026-11-01", TODAY]


def test_shards_are_added_up(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    items = [rollup("totals", TODAY, {"total": {"": FEW}}, shard=shard) for shard in range(3)]
    put(dynamodb, TABLE, [site(shards=3), *items])

    assert report(analytics, period="7d")["totals"]["pageviews"] == 6


def test_today_is_told_by_the_hour(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    day = rollup("totals", TODAY, {"total": {"": [2, 1, 0, 60, 0, 1]}})
    hours = [rollup("totals", TODAY, {"total": {"": [1, 0, 0, 0, 0, 1]}}, hour=hour) for hour in (9, 10)]
    put(dynamodb, TABLE, [day, *hours])

    found = report(analytics, period="day")

    assert found["totals"]["visitors"] == 1
    assert len(found["series"]) == 24
    assert [slot["time"] for slot in found["series"] if slot["visitors"]] == [
        "2026-11-27T09:00:00+01:00",
        "2026-11-27T10:00:00+01:00",
    ]


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2026-11-01", 24)])
def test_a_day_has_the_hours_that_it_had_at_the_site(analytics: ModuleType, day: str, hours: int) -> None:
    assert len(report(analytics, from_=day, to=day)["series"]) == hours


def test_a_year_is_told_by_the_month(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    days = ("2025-12-01", "2025-12-31", TODAY)
    put(dynamodb, TABLE, [rollup("totals", day, {"total": {"": FEW}}) for day in days])

    series = report(analytics, period="12mo", metrics="pageviews")["series"]

    assert (series[0], series[-1]) == ({"time": "2025-12", "pageviews": 4}, {"time": "2026-11", "pageviews": 2})
    assert len(series) == 12


def test_rows_are_those_with_most_of_the_first_metric(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    put(
        dynamodb,
        TABLE,
        [
            rollup("totals", TODAY, {"total": {"": MANY}}),
            rollup("pages", TODAY, {"page": {"/a": [5, 1], "/b": [1, 1], OTHER: [7, 2]}}),
            rollup("pages", YESTERDAY, {"page": {"/b": [2, 2], "/c": [4, 1]}}),
        ],
    )

    found = report(analytics, dimension="page", limit="2", metrics="pageviews,visitors")

    assert found["dimension"] == "page"
    assert found["totals"] == {"pageviews": 10, "visitors": 3}
    assert found["rows"] == [
        {"page": "/a", "pageviews": 5, "visitors": 1},
        {"page": "/c", "pageviews": 4, "visitors": 1},
        {"page": OTHER, "pageviews": 10, "visitors": 5},
    ]
    by_visitors = report(analytics, dimension="page", limit="1", metrics="visitors")
    assert by_visitors["rows"][0] == {"page": "/b", "visitors": 3}


def test_rows_have_all_that_there_is_where_nobody_says_what(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    put(dynamodb, TABLE, [rollup("titles", TODAY, {"title": {"Home": [5]}})])

    found = report(analytics, dimension="title")

    assert found["rows"] == [{"title": "Home", "pageviews": 5}]
    assert len(found["totals"]) == 7


def test_a_value_is_told_of_alone(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    countries = {"DE": MANY, "FR": FEW}
    hour = rollup("audience", TODAY, {"country": countries}, hour=3)
    put(dynamodb, TABLE, [rollup("audience", TODAY, {"country": countries}), hour])

    found = report(analytics, period="day", filter="country:FR", metrics="visits")

    assert found["filter"] == {"dimension": "country", "value": "FR"}
    assert (found["totals"], found["rows"]) == ({"visits": 1}, [])
    assert [slot["visits"] for slot in found["series"]] == [0] * 3 + [1] + [0] * 20


def test_properties_of_one_event(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    properties = {"signup\tplan\tpro": [3], "signup\tplan\tfree": [4], "search\tterm\tx": [9]}
    put(dynamodb, TABLE, [rollup("events", TODAY, {"event": {"signup": [8, 5]}, "property": properties})])

    found = report(analytics, filter="event:signup", dimension="property")

    assert found["totals"] == {"visitors": 5, "events": 8}
    assert found["rows"] == [
        {"event": "signup", "property": "plan", "value": "free", "events": 4},
        {"event": "signup", "property": "plan", "value": "pro", "events": 3},
    ]


def test_the_period_before_is_compared(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    days = {"2026-11-20": [5, 1, 1, 0, 0, 1], "2026-11-14": [3, 1, 0, 0, 0, 1], "2026-11-13": MANY, TODAY: MANY}
    put(dynamodb, TABLE, [rollup("totals", day, {"total": {"": vector}}) for day, vector in days.items()])

    found = report(analytics, period="7d", compare="previous", metrics="pageviews")

    assert found["comparison"] == {
        "period": {"from": "2026-11-14", "to": "2026-11-20"},
        "totals": {"pageviews": 8},
        "changes": {"pageviews": 0.25},
    }
    assert "comparison" not in report(analytics)


def test_who_is_there_is_told_where_today_is_in_the_period(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    seen = {"a": MINUTE, "b": MINUTE - 4, "c": MINUTE - 5, "d": MINUTE - 60}
    put(dynamodb, TABLE, [site(shards=2), live(seen), live({"a": MINUTE, "e": MINUTE}, shard=1)])

    assert report(analytics)["realtime"] == {"visitors": 3}
    assert report(analytics, from_="2026-01-01", to="2026-01-31", realtime="true")["realtime"] == {"visitors": 3}
    assert "realtime" not in report(analytics, from_="2026-01-01", to="2026-01-31")
    assert "realtime" not in report(analytics, realtime="false")


def test_another_site_has_numbers_and_a_day_of_its_own(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    put(dynamodb, TABLE, [rollup("totals", TODAY, {"total": {"": MANY}})])

    found = report(analytics, site="shop.example.org", period="day")

    assert (found["site"], found["totals"]["pageviews"]) == ("shop.example.org", 0)
    assert found["series"][0]["time"] == "2026-11-27T00:00:00+00:00"


def test_an_answer_that_is_at_hand_is_not_sent_again(analytics: ModuleType, dynamodb: "DynamoDBClient") -> None:
    first = ask(analytics)
    again = ask(analytics, {"If-None-Match": first["headers"]["ETag"]})
    put(dynamodb, TABLE, [rollup("totals", TODAY, {"total": {"": FEW}})])
    changed = ask(analytics, {"If-None-Match": first["headers"]["ETag"]})

    assert (first["headers"]["Cache-Control"], again["statusCode"], again["body"]) == ("private, no-cache", 304, "")
    assert changed["statusCode"] == 200


@pytest.mark.parametrize(
    ("query", "accept"),
    [({"format": "csv"}, "application/json"), ({}, "text/csv"), ({}, "text/csv;q=0.9, text/plain")],
)
def test_rows_are_a_table_for_spreadsheets(
    analytics: ModuleType, dynamodb: "DynamoDBClient", query: dict[str, str], accept: str
) -> None:
    pages = {"/a,b": [3, 2], "/c": [1, 1]}
    put(dynamodb, TABLE, [rollup("pages", TODAY, {"page": pages})])

    response = ask(analytics, {"Accept": accept}, dimension="page", limit="1", **query)

    assert response["statusCode"] == 200
    assert response["headers"]["Content-Type"] == "text/csv; charset=utf-8"
    name = "example.org-page-2026-10-29-2026-11-27.csv"
    assert response["headers"]["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "Accept" in response["headers"]["Vary"]
    assert response["body"] == 'page,pageviews,visitors\r\n"/a,b",3,2\r\n(other),1,1\r\n'


def test_without_rows_the_table_is_the_series(analytics: ModuleType) -> None:
    response = ask(analytics, period="7d", metrics="visits,bounce_rate", format="csv")

    lines = list(csv.reader(io.StringIO(response["body"])))
    assert lines[:2] == [["time", "visits", "bounce_rate"], ["2026-11-21", "0", ""]]
    assert len(lines) == 8


def test_a_table_that_is_at_hand_is_not_sent_again_and_is_not_the_json(analytics: ModuleType) -> None:
    table, document = ask(analytics, format="csv"), ask(analytics)

    assert table["headers"]["ETag"] != document["headers"]["ETag"]
    assert ask(analytics, {"If-None-Match": table["headers"]["ETag"]}, format="csv")["statusCode"] == 304


def test_both_kinds_are_accepted_and_json_is_answered(analytics: ModuleType) -> None:
    response = ask(analytics, {"Accept": "text/csv, application/json"})

    assert response["headers"]["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ({"site": "elsewhere.example"}, "site: Must be one of example.org, shop.example.org."),
        ({"period": "week"}, "period: Must be one of day, 7d, 30d, 12mo."),
        ({"period": "7d", "from": "2026-11-01"}, "period: Must be left out where from and to are given."),
        ({"to": "2026-11-01"}, "from: Must be given with to."),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "to: Must not be before from."),
        ({"from": "2026-02-30"}, "from: Must be a date such as 2026-01-31, from 2000-01-01 to 2099-12-31."),
        ({"from": "20260201"}, "from: Must be a date such as 2026-01-31, from 2000-01-01 to 2099-12-31."),
        ({"from": "1999-12-31"}, "from: Must be a date such as 2026-01-31, from 2000-01-01 to 2099-12-31."),
        ({"from": "2020-11-01", "to": "2026-11-01"}, "from: Must be less than five years before to."),
        ({"interval": "week"}, "interval: Must be one of hour, day, month."),
        (
            {"from": "2026-10-01", "to": "2026-11-01", "interval": "hour"},
            "interval: hour is possible for 31 days at most.",
        ),
        (
            {"from": "2026-08-01", "to": "2026-08-02", "interval": "hour"},
            "interval: hour is possible for the last 90 days: older hours are gone.",
        ),
        ({"compare": "year"}, "compare: Must be one of previous."),
        ({"format": "xml"}, "format: Must be one of json, csv."),
        ({"realtime": "yes"}, "realtime: Must be true or false."),
        ({"limit": "1001"}, "limit: Must be a whole number from 1 to 1000."),
        (
            {"dimension": "page", "metrics": "pageviews,visits"},
            "metrics: page has no visits; it has pageviews, visitors.",
        ),
        ({"filter": "event:x", "metrics": "pageviews"}, "metrics: event has no pageviews; it has visitors, events."),
        ({"filter": "country:"}, "filter: The value must be 1 to 500 characters."),
        (
            {"filter": "page:/x", "dimension": "country"},
            "filter: One dimension at a time: values are counted by country and by page, not by both. Only a filter on "
            "event goes with dimension=property.",
        ),
    ],
)
def test_what_cannot_be_told_is_refused(analytics: ModuleType, query: dict[str, str], detail: str) -> None:
    assert refusal(analytics, **query) == detail


@pytest.mark.parametrize("query", [{"metrics": ""}, {"metrics": "clicks"}, {"dimension": "total"}, {"filter": "page"}])
def test_what_is_not_counted_is_refused_with_what_is(analytics: ModuleType, query: dict[str, str]) -> None:
    assert "page" in refusal(analytics, **query)


def test_a_day_whose_hours_are_gone_is_told_as_a_day(analytics: ModuleType) -> None:
    assert report(analytics, from_="2026-08-01", to="2026-08-01")["period"]["interval"] == "day"


def test_a_metric_that_is_named_twice_is_told_once(analytics: ModuleType) -> None:
    response = ask(analytics, metrics="visits, visits", format="csv", period="7d")

    assert response["body"].startswith("time,visits\r\n")
