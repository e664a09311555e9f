"""Several workers at one table, each with what it remembers of it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.table import keys
from shared.table.revisions import Write, key_of
from tests.unit.properties import reproducible
from tests.unit.shared.analytics.parts import DATE, SITE, message, part, rollups_in
from tests.unit.shared.analytics.reference import Reference
from tests.unit.shared.analytics.tables import TABLE, MemoryTable
from tests.unit.shared.analytics.workers import count, count_all, identifier, items_of, worker

WORKERS = 3
_TIMES = st.integers(0, 12).map(lambda step: step * 20 * 60_000)
_EVENTS = st.tuples(_TIMES, st.sampled_from(["/", "/a"]), st.sampled_from(["", "signup"]))
_PARTS = st.builds(
    lambda events, visitor: part(*events, visitor=visitor),
    st.lists(_EVENTS, min_size=1, max_size=3),
    st.sampled_from(["visitor-a-000000", "visitor-b-000000", ""]),
)


def with_shards(shards: int) -> MemoryTable:
    """Return a table in which the day is planned with so many shards."""
    table = MemoryTable()
    texts = {"bits": "6", "shards": str(shards)}
    items_of(table).write([Write(key_of(keys.day_plan(SITE, DATE)), 0, texts, keys.PLAN_RETENTION_SECONDS)])
    return table


def rollup_reads(table: MemoryTable) -> list[bool]:
    """Return of each read whether it was about rollups."""
    return [
        any(key["PK"]["S"].startswith("ROLLUP#") for key in request["RequestItems"][TABLE]["Keys"])
        for operation, request in table.calls
        if operation == "BatchGetItem"
    ]


@settings(reproducible, max_examples=100)
@given(
    deliveries=st.lists(st.tuples(st.integers(0, WORKERS - 1), st.integers(0, 5)), min_size=6, max_size=20),
    parts=st.lists(_PARTS, min_size=6, max_size=6),
    shards=st.integers(1, 2),
)
def test_workers_that_take_turns_count_as_one_would(
    deliveries: list[tuple[int, int]], parts: list[dict[str, Any]], shards: int
) -> None:
    table = with_shards(shards)
    workers = [worker(table) for _ in range(WORKERS)]
    messages = [message(identifier(number), data) for number, data in enumerate(parts)]

    results = [count(workers[number], [messages[place]]) for number, place in deliveries]

    assert all(not result.failures for result in results)
    delivered = {place for _, place in deliveries}
    assert rollups_in(table) == Reference([parts[place] for place in delivered]).rollups


@settings(reproducible, max_examples=100)
@given(
    parts=st.lists(_PARTS, min_size=4, max_size=6),
    rivals=st.lists(st.none() | st.integers(0, 3), max_size=6),
    shards=st.integers(1, 2),
)
def test_workers_that_overtake_each_other_count_as_one_would(
    parts: list[dict[str, Any]], rivals: list[int | None], shards: int
) -> None:
    table = with_shards(shards)
    messages = [message(identifier(number), data) for number, data in enumerate(parts)]
    rival = worker(table)
    coming = list(rivals)

    def overtake(operation: str, _request: Mapping[str, Any]) -> None:
        if operation != "TransactWriteItems" or not coming:
            return
        place, table.before = coming.pop(), lambda _operation, _request: None
        if place is not None:
            count(rival, [messages[place]])
        table.before = overtake

    table.before = overtake
    count_all(worker(table), messages)

    assert rollups_in(table) == Reference(parts).rollups


def test_a_worker_whose_memory_is_stale_reads_again() -> None:
    table = MemoryTable()
    slow, fast = worker(table), worker(table)
    parts = [part((0, "/"), visitor=f"visitor-{number:08d}") for number in range(4)]
    messages = [message(identifier(number), data) for number, data in enumerate(parts)]
    count(slow, messages[:1])
    count(slow, messages[1:2])
    count(fast, messages[2:3])
    table.calls.clear()

    result = count(slow, messages[3:])

    assert list(result.outcomes.values()) == ["counted"]
    assert rollup_reads(table) == [False, True]
    assert rollups_in(table) == Reference(parts).rollups


def test_who_remembers_what_was_erased_does_not_bring_it_back() -> None:
    table = MemoryTable()
    slow, fast = worker(table), worker(table)
    parts = [part((0, f"/{number}"), visitor=f"visitor-{number:08d}") for number in range(7)]
    messages = [message(identifier(number), data) for number, data in enumerate(parts)]
    for one in messages[:3]:
        count(slow, [one])
    erased = [key for key in table.items if key[0].startswith(("ROLLUP#", "VISITORS#"))]
    for key in erased:
        del table.items[key]
    for one in messages[3:6]:
        count(fast, [one])

    count(slow, messages[6:])

    assert rollups_in(table) == Reference(parts[3:]).rollups


def test_a_message_that_another_worker_counted_meanwhile_is_a_duplicate() -> None:
    table = with_shards(1)
    messages = [message(identifier(number), part((0, "/"), visitor=f"visitor-{number:08d}")) for number in range(2)]

    def overtake(operation: str, _request: Mapping[str, Any]) -> None:
        if operation == "TransactWriteItems":
            table.before = lambda _operation, _request: None
            count(worker(table), messages[:1])

    table.before = overtake
    result = count(worker(table), messages)

    assert list(result.outcomes.values()) == ["duplicate", "counted"]


def test_only_a_hundred_rollups_are_remembered() -> None:
    table = MemoryTable()
    aggregation = worker(table)
    days = [f"2026-10-{day:02d}" for day in range(1, 12)]
    for number, day in enumerate([*days, *days]):
        count(aggregation, [message(identifier(number), part((0, "/"), day=day))])
    table.calls.clear()

    for number, day in enumerate((days[-1], days[0]), 2 * len(days)):
        count(aggregation, [message(identifier(number), part((0, "/"), day=day))])

    assert rollup_reads(table) == [False, True]


@pytest.mark.parametrize("shards", [1, 2, 5])
def test_shards_have_the_same_totals_together(shards: int) -> None:
    table = with_shards(shards)
    parts = [
        part((number * 60_000, f"/{number % 7}"), (number * 60_000 + 5_000, "/end"), visitor=f"visitor-{number % 30}")
        for number in range(120)
    ]
    messages = [message(identifier(number), data) for number, data in enumerate(parts)]

    count_all(worker(table), messages)

    assert rollups_in(table) == Reference(parts).rollups
    used = Counter(place[0].rpartition("#")[2] for place in table.items if place[0].startswith("ROLLUP#"))
    assert len(used) == shards


def test_visitors_are_spread_over_the_buckets_of_a_shard() -> None:
    table = with_shards(2)
    messages = [message(identifier(number), part((0, "/"), visitor=f"visitor-{number:08d}")) for number in range(600)]

    count_all(worker(table), messages)

    sizes = [
        sum(name.startswith("visitor-") for name in item)
        for place, item in table.items.items()
        if place[0].startswith("VISITORS#")
    ]
    assert (len(sizes), sum(sizes)) == (64, 600)
    assert max(sizes) < 30
