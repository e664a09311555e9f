from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.analytics.dimensions import GROUP_OF, METRICS, OTHER, TOTAL
from shared.analytics.metrics import REPORTED, change, measured, metrics_of
from shared.analytics.periods import Period
from shared.analytics.report import Document, Narrowed, Question, Report, Sums
from tests.unit.properties import reproducible

PERIOD = Period(date(2026, 1, 1), date(2026, 1, 3), "day", "UTC")
VISIT = [4, 2, 1, 61, 3, 2]

vectors = st.lists(st.integers(0, 10**9), min_size=6, max_size=6)
dated = st.tuples(st.integers(0, 59), st.sampled_from(["DE", "FR", "JP", "NZ", OTHER]), vectors)


def report(days: Mapping[str, Document], **question: Any) -> Report:
    """Return the report on documents of days."""
    found = Report(Question(**{"period": PERIOD, **question}))
    for day, document in days.items():
        for group in found.groups:
            found.count_day(group, day, {name: document[name] for name in document if GROUP_OF[name] == group})
    return found


def pages(**views: int) -> dict[str, Document]:
    return {"2026-01-02": {"page": {f"/{name}": [count, 1] for name, count in views.items()}}}


def test_totals_are_those_of_the_site() -> None:
    totals = report({"2026-01-01": {TOTAL: {"": VISIT}}, "2026-01-03": {TOTAL: {"": VISIT}}}).totals()

    assert totals == {
        "pageviews": 8,
        "visitors": 4,
        "visits": 4,
        "events": 6,
        "bounce_rate": 0.5,
        "visit_duration": 30.5,
        "views_per_visit": 2.0,
    }


def test_values_of_which_nothing_is_left_are_no_rows() -> None:
    left = {"/": [1, 1, 0, 0, 0, 1], "/a": [0] * 6, OTHER: [0] * 6}

    rows = report({"2026-01-02": {"exit_page": left}}, dimension="exit_page", limit=1).rows()

    assert [row["exit_page"] for row in rows] == ["/"]


def test_events_are_in_the_order_of_how_many_there_were() -> None:
    rows = report({"2026-01-02": {"event": {"few": [2, 2], "many": [51, 1]}}}, dimension="event", limit=1).rows()

    assert rows == [{"event": "many", "visitors": 1, "events": 51}, {"event": OTHER, "visitors": 2, "events": 2}]


def test_page_views_of_nobody_are_in_no_visit() -> None:
    totals = report({"2026-01-01": {TOTAL: {"": [*VISIT, 1]}}, "2026-01-03": {TOTAL: {"": VISIT}}}).totals()

    assert (totals["pageviews"], totals["visits"], totals["views_per_visit"]) == (8, 4, 1.75)


def test_without_visits_there_is_no_average() -> None:
    assert report({}).totals() == dict.fromkeys(REPORTED[:4], 0) | dict.fromkeys(REPORTED[4:])


def test_a_series_has_the_days_on_which_nobody_came() -> None:
    series = report({"2026-01-02": {TOTAL: {"": VISIT}}}, metrics=("visitors",)).series()

    assert series == [
        {"time": "2026-01-01", "visitors": 0},
        {"time": "2026-01-02", "visitors": 2},
        {"time": "2026-01-03", "visitors": 0},
    ]


def test_hours_are_told_in_the_series_and_not_added_to_the_totals() -> None:
    found = Report(Question(PERIOD._replace(last=PERIOD.first, interval="hour"), metrics=("visitors",)))
    found.count_day("totals", "2026-01-01", {TOTAL: {"": [2, 1, 0, 60, 0, 1]}})
    for hour in (9, 10):
        found.count_hour("2026-01-01", hour, {TOTAL: {"": [1, 0, 0, 0, 0, 1]}})

    assert found.totals() == {"visitors": 1}
    assert [slot["visitors"] for slot in found.series()] == [0] * 9 + [1, 1] + [0] * 13


def test_an_hour_that_the_day_does_not_have_is_its_last() -> None:
    found = Report(Question(PERIOD._replace(last=PERIOD.first, interval="hour"), metrics=("visits",)))

    found.count_hour("2026-01-01", 24, {TOTAL: {"": VISIT}})

    assert found.series()[-1] == {"time": "2026-01-01T23:00:00+00:00", "visits": 2}


def test_rows_are_ordered_by_the_first_metric_and_then_by_name() -> None:
    rows = report(pages(a=2, c=7, b=7), dimension="page").rows()

    assert rows == [
        {"page": "/b", "pageviews": 7, "visitors": 1},
        {"page": "/c", "pageviews": 7, "visitors": 1},
        {"page": "/a", "pageviews": 2, "visitors": 1},
    ]


def test_what_is_beyond_the_limit_is_one_row_with_what_was_never_told_apart() -> None:
    days = pages(a=5, b=4, c=3, d=2)
    days["2026-01-03"] = {"page": {OTHER: [100, 10]}}

    rows = report(days, dimension="page", limit=2).rows()

    assert [row["page"] for row in rows] == ["/a", "/b", OTHER]
    assert rows[-1] == {"page": OTHER, "pageviews": 105, "visitors": 12}


def test_averages_of_all_others_are_of_their_sums() -> None:
    countries = {"DE": [9, 9, 0, 0, 0, 9], "FR": [3, 3, 3, 30, 0, 1], "JP": [1, 1, 0, 10, 0, 1]}

    rows = report({"2026-01-01": {"country": countries}}, dimension="country", limit=1).rows()

    assert (rows[-1]["bounce_rate"], rows[-1]["visit_duration"]) == (0.75, 10.0)


def test_properties_are_told_with_their_events() -> None:
    values = {"signup\tplan\tpro": [3], "search\tterm\ta\tb": [2], OTHER: [1]}

    rows = report({"2026-01-01": {"property": values}}, dimension="property").rows()

    assert rows == [
        {"event": "signup", "property": "plan", "value": "pro", "events": 3},
        {"event": "search", "property": "term", "value": "a\tb", "events": 2},
        {"event": OTHER, "property": OTHER, "value": OTHER, "events": 1},
    ]


def test_a_value_alone_has_totals_a_series_and_a_row() -> None:
    countries = {"DE": VISIT, "FR": [9] * 6}
    days: dict[str, Document] = {"2026-01-02": {"country": countries, TOTAL: {"": [99] * 6}}}

    found = report(days, subject=Narrowed("country", "DE"), dimension="country", metrics=("visits",))

    assert found.groups == ("audience",)
    assert (found.totals(), found.rows()) == ({"visits": 2}, [{"country": "DE", "visits": 2}])
    assert [slot["visits"] for slot in found.series()] == [0, 2, 0]


def test_an_event_alone_has_the_rows_of_its_properties() -> None:
    values = {"sign\tplan\tpro": [3], "signup\tplan\tpro": [5], OTHER: [7]}
    days: dict[str, Document] = {"2026-01-01": {"event": {"sign": [4, 2]}, "property": values}}

    found = report(days, subject=Narrowed("event", "sign"), dimension="property")

    assert found.totals() == {"events": 4, "visitors": 2}
    assert found.rows() == [{"event": "sign", "property": "plan", "value": "pro", "events": 3}]


def test_a_report_needs_the_groups_that_it_tells_of() -> None:
    assert Report(Question(PERIOD)).groups == ("totals",)
    assert Report(Question(PERIOD, dimension="page")).groups == ("totals", "pages")
    assert Report(Question(PERIOD, Narrowed("event", "x"), "property")).groups == ("events",)


def test_the_period_before_is_compared() -> None:
    found = report({"2026-01-01": {TOTAL: {"": [6, 2, 0, 0, 0, 1]}}}, metrics=("pageviews", "events", "visitors"))
    found.count_before({TOTAL: {"": [4, 2, 0, 0, 0, 2]}})

    assert found.comparison() == {
        "period": {"from": "2025-12-29", "to": "2025-12-31"},
        "totals": {"pageviews": 4, "events": 0, "visitors": 2},
        "changes": {"pageviews": 0.5, "events": None, "visitors": -0.5},
    }


@pytest.mark.parametrize(("before", "after", "expected"), [(None, 1.0, None), (0.5, None, None), (3, 4, 0.3333)])
def test_a_change_is_a_fraction_of_what_was(before: float | None, after: float | None, expected: float | None) -> None:
    assert change(before, after) == expected


@pytest.mark.parametrize("dimension", METRICS)
def test_a_dimension_has_the_metrics_that_its_vectors_give(dimension: str) -> None:
    names = metrics_of(dimension)

    assert {*names} == {*measured(dimension, [1] * len(METRICS[dimension]), names)}


def test_metrics_of_pages_and_events_are_those_that_are_counted_of_them() -> None:
    assert metrics_of(TOTAL) == REPORTED
    assert [metrics_of(name) for name in ("page", "title", "event", "property")] == [
        ("pageviews", "visitors"), ("pageviews",), ("visitors", "events"), ("events",),
    ]  # fmt: skip


@reproducible
@given(rollups=st.lists(dated, max_size=20), limit=st.integers(1, 5), chance=st.randoms())
def test_a_report_is_of_the_sums_however_they_are_divided_and_in_any_order(
    rollups: list[tuple[int, str, list[int]]], limit: int, chance: Any
) -> None:
    period = Period(date(2026, 1, 1), date(2026, 3, 1), "month", "UTC")
    question = Question(period, dimension="country", limit=limit)
    whole: dict[str, Sums] = {}
    documents = []
    for day, country, vector in rollups:
        whole.setdefault(country, Sums("country")).add(vector)
        split = [chance.randint(0, number) for number in vector]
        rest = [number - part for number, part in zip(vector, split, strict=True)]
        name = str(period.first + timedelta(days=day))
        documents += [(name, {TOTAL: {"": part}, "country": {country: part}}) for part in (split, rest)]
    chance.shuffle(documents)

    found = Report(question)
    for name, document in documents:
        found.count_day("totals", name, {TOTAL: document[TOTAL]})
        found.count_day("audience", name, {"country": document["country"]})

    expected = Sums(TOTAL)
    for sums in whole.values():
        expected.add(sums.vector)
    assert found.totals() == expected.measured(REPORTED)
    for metric in ("pageviews", "visits", "events", "visitors"):
        total = found.totals()[metric]
        assert sum(row[metric] for row in found.rows()) == sum(slot[metric] for slot in found.series()) == total
    counted = {country for country, sums in whole.items() if any(sums.vector)}
    told = [row["country"] for row in found.rows() if row["country"] != OTHER]
    assert told == sorted(counted - {OTHER}, key=lambda name: (-whole[name].vector[0], name))[:limit]
