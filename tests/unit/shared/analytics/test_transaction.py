from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.analytics.dimensions import GROUPS
from shared.analytics.transaction import Pack, Placed, packs
from shared.table import keys
from shared.table.revisions import Write, key_of
from shared.table.transactions import LARGEST
from tests.unit.properties import reproducible
from tests.unit.shared.analytics.parts import DATE, SITE, message, part, rollups_in
from tests.unit.shared.analytics.reference import DAY, Reference
from tests.unit.shared.analytics.tables import MemoryTable
from tests.unit.shared.analytics.workers import count, count_all, identifier, items_of, worker

_HOUR = 3_600_000
_EVENTS = st.tuples(
    st.integers(0, 24 * _HOUR - 1), st.just("/"), st.sampled_from(["", "signup"]), st.none(), st.sampled_from(["", "T"])
)
_PARTS = st.builds(
    lambda hour, events, visitor: part(
        *((hour * _HOUR + event[0] % (3 * _HOUR), *event[1:]) for event in events), visitor=f"visitor-{visitor:08d}"
    ),
    st.integers(0, 22),
    st.lists(_EVENTS, max_size=4),
    st.integers(0, 10**6),
)


def _apart(number: int) -> str:
    """Return the id of a message whose receipt lies in a bucket of its own."""
    return f"0199{number:04x}-0000-7000-8000-000000000000"


def placed(
    data: dict[str, Any], number: int = 0, *, bucket: int = 0, name: Callable[[int], str] = identifier
) -> Placed:
    return Placed.of(message(name(number), data), key_of(keys.visitors(SITE, DATE, bucket)))


def pack_of(*data: dict[str, Any]) -> Pack:
    return Pack.over(SITE, DATE, 0, [placed(known, number, bucket=number) for number, known in enumerate(data)])


@settings(reproducible, max_examples=100)
@given(
    parts=st.lists(st.tuples(_PARTS, st.integers(0, 63)), min_size=1, max_size=12),
    repeated=st.integers(1, 12),
    name=st.sampled_from([identifier, _apart]),
)
def test_a_pack_of_several_messages_fits_into_a_transaction(
    parts: list[tuple[dict[str, Any], int]], repeated: int, name: Callable[[int], str]
) -> None:
    whole = [placed(data, number, bucket=bucket, name=name) for number, (data, bucket) in enumerate(parts * repeated)]

    found = list(packs(SITE, DATE, 0, whole))

    assert [known for pack in found for known in pack.messages] == whole
    for pack in found:
        rollups = list(pack.rollups())
        assert len(set(rollups)) == len(rollups)
        # Of each group one more: that of the hour before, in which visits may have begun that go on.
        more = len({partition.split("#")[2] for partition, _ in rollups})
        assert len(pack.messages) == 1 or len(pack.items) + len(rollups) + more <= LARGEST


# Of seven groups the hour, the day, and the hour before; a bucket of receipts, or each message its own.
@pytest.mark.parametrize(
    ("name", "fitting"), [(identifier, 100 - 7 * 3 - 1), (_apart, (100 - 7 * 3) // 2)], ids=["together", "apart"]
)
def test_a_pack_takes_as_many_as_fit(name: Callable[[int], str], fitting: int) -> None:
    whole = [placed(part((0, "/")), number, bucket=number, name=name) for number in range(200)]

    sizes = [len(pack.messages) for pack in packs(SITE, DATE, 0, whole)]

    assert sizes[:2] == [fitting, fitting]
    assert sum(sizes) == 200


def test_a_pack_begins_with_the_hours_of_its_first_message() -> None:
    whole = [placed(part((hour * _HOUR, "/")), hour, bucket=hour) for hour in range(26)]

    # Of seven groups each hour, the day, and the hour before; a visitor each, and a bucket of receipts.
    assert [len(pack.messages) for pack in packs(SITE, DATE, 0, whole)] == [10, 10, 6]


def test_a_message_is_expected_in_the_hours_of_its_first_and_last_event() -> None:
    pack = pack_of(part((_HOUR - 1, "/"), (_HOUR, "/"), (3 * _HOUR, "/")))

    assert {sort for _, sort in pack.rollups()} == {DATE, "00", "03"}


def test_of_nothing_there_is_no_pack() -> None:
    assert list(packs(SITE, DATE, 0, [])) == []


def test_a_message_of_nobody_needs_no_visitors() -> None:
    pack = pack_of(part((0, "/"), visitor=""))

    assert {partition.partition("#")[0] for partition, _ in pack.items} == {"RECEIPTS"}


def test_a_message_without_events_needs_no_rollups() -> None:
    assert list(pack_of(part()).rollups()) == []


def test_a_message_with_events_may_change_every_group() -> None:
    assert {partition.split("#")[2] for partition, _ in pack_of(part((0, "/"))).rollups()} == set(GROUPS)


@pytest.mark.parametrize("length", [2, 3, 10])
def test_halves_are_the_whole(length: int) -> None:
    whole = pack_of(*(part((number * _HOUR, "/")) for number in range(length)))

    first, second = whole.halves()

    assert [*first.messages, *second.messages] == whole.messages
    assert first.messages
    assert (second.site, second.day, second.shard) == (SITE, DATE, 0)
    assert second.hours == sum(1 << hour for hour in range(length // 2, length))


@settings(reproducible, max_examples=30)
@given(parts=st.lists(_PARTS, min_size=1, max_size=40), repeated=st.integers(1, 5))
def test_no_transaction_has_more_than_a_hundred_writes(parts: list[dict[str, Any]], repeated: int) -> None:
    table = MemoryTable()
    parts = parts * repeated

    result = count(worker(table), [message(_apart(number), data) for number, data in enumerate(parts)])

    assert result.failures == {}
    assert max(map(len, table.writes)) <= LARGEST
    assert rollups_in(table) == Reference(parts).rollups


def test_where_visits_began_in_more_hours_than_expected_the_pack_is_halved() -> None:
    table = MemoryTable()
    # Each visitor's visit began in an hour of its own, and all go on in the same hour.
    earlier = [
        part(*((minute * 60_000, "/") for minute in range(hour * 60, 20 * 60, 20)), visitor=f"visitor-{hour:08d}")
        for hour in range(19)
    ]
    cut = [{**data, "events": data["events"][start : start + 6]} for data in earlier for start in range(0, 60, 6)]
    known = [data for data in cut if data["events"]]
    later = [part((20 * _HOUR, "/b"), visitor=data["visitor"]) for data in earlier]
    count_all(worker(table), [message(_apart(number), data) for number, data in enumerate(known)])
    written = len(table.writes)

    result = count(worker(table), [message(_apart(1000 + number), data) for number, data in enumerate(later)])

    assert result.failures == {}
    assert len(table.writes) == written + 2
    assert rollups_in(table) == Reference([*known, *later]).rollups


@pytest.mark.parametrize(("hours", "is_counted"), [(13, True), (14, False)])
def test_a_message_may_need_a_hundred_writes(hours: int, is_counted: bool) -> None:
    table = MemoryTable()
    events = [
        event for hour in range(hours) for event in [(hour * _HOUR, "/", "", None, "T"), (hour * _HOUR, "/", "signup")]
    ]

    result = count(worker(table), [message(identifier(1), part(*events))])

    # Its receipt, its visitor, and of seven groups the day and the hours.
    assert bool(result.outcomes) is is_counted
    assert not is_counted or len(table.writes[-1]) == 2 + 7 * (1 + hours) == LARGEST


def test_a_message_about_more_hours_than_a_transaction_has_room_for_fails_alone() -> None:
    table = MemoryTable()
    messages = [
        message(identifier(1), part(*((hour * _HOUR, "/") for hour in range(24)))),
        message(identifier(2), part((0, "/"), visitor="visitor-b-000000")),
    ]

    result = count(worker(table), messages)

    assert (list(result.failures), list(result.outcomes)) == ([identifier(1)], [identifier(2)])


def test_into_a_bucket_that_is_flooded_no_further_visitor_comes() -> None:
    table = MemoryTable()
    pages = [(minute * 60_000, f"/{minute:04d}{'x' * 290}") for minute in range(0, 24 * 60, 31)]
    floods = [part(*pages[start : start + 2], visitor="visitor-a-000000") for start in range(0, len(pages), 2)]
    items_of(table).write([Write(key_of(keys.day_plan(SITE, DATE)), 0, {"bits": "0", "shards": "1"}, None)])
    known = [{**data, "visitor": f"visitor-{number:08d}"} for number in range(9) for data in floods]
    count_all(worker(table), [message(_apart(number), data) for number, data in enumerate(known)])
    before = rollups_in(table)

    late = [part((0, "/"), visitor="visitor-late"), part((1, "/"), visitor="visitor-00000000")]
    result = count(worker(table), [message(_apart(1000 + number), data) for number, data in enumerate(late)])

    after = rollups_in(table)
    assert set(result.outcomes.values()) == {"counted"}
    assert after[DAY, "page", "/"] == [2, 1]
    # Page views and visits, bounces, seconds, events, visitors, and page views of nobody.
    more = [now - then for now, then in zip(after[DAY, "total", ""], before[DAY, "total", ""], strict=True)]
    assert more == [2, 0, -1, 0, 0, 0, 1]


def test_a_full_bucket_is_not_written_where_nobody_in_it_changes() -> None:
    table = MemoryTable()
    items_of(table).write([Write(key_of(keys.day_plan(SITE, DATE)), 0, {"bits": "0", "shards": "1"}, None)])
    bucket = key_of(keys.visitors(SITE, DATE, 0))
    items_of(table).write([Write(bucket, 0, {"somebody": "x" * 290_000}, None)])
    before = table.items[bucket]

    count(worker(table), [message(_apart(1), part((0, "/"), visitor="visitor-late"))])

    assert table.items[bucket] == before
    assert bucket not in table.writes[-1]


def test_a_visitor_who_floods_a_bucket_never_makes_it_too_large_for_the_table() -> None:
    table = MemoryTable()
    items_of(table).write([Write(key_of(keys.day_plan(SITE, DATE)), 0, {"bits": "0", "shards": "1"}, None)])
    source = tuple("日" * length for length in (300, 100, 100, 100, 100, 100))
    floods = [
        part(*((minute * 60_000, "/" + "日" * 299, "", source) for minute in range(hour * 60, hour * 60 + 240, 31)))
        for hour in range(0, 24, 4)
    ]
    parts = [{**data, "visitor": f"visitor-{number:08d}"} for data in floods for number in range(4)]

    results = [count(worker(table), [message(_apart(number), data)]) for number, data in enumerate(parts)]

    assert [result.failures for result in results] == [{}] * len(parts)
    assert rollups_in(table)[DAY, "total", ""][0] == sum(len(data["events"]) for data in parts)
    (bucket,) = [item for place, item in table.items.items() if place[0].startswith("VISITORS#")]
    assert sum(len(value.get("S", "").encode()) for value in bucket.values()) < 400_000
