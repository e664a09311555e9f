"""A request that is repeated later may be cut into other parts, of which only the first has the same id."""

from itertools import permutations
from typing import Any

import pytest

from shared.analytics.messages import Message
from shared.analytics.receipts import PAGE_SIZE
from shared.ids import derived_id
from tests.unit.shared.analytics.parts import message, part, rollups_in
from tests.unit.shared.analytics.reference import DAY
from tests.unit.shared.analytics.tables import MemoryTable
from tests.unit.shared.analytics.workers import count, count_all, identifier, worker

_BATCH = identifier(1)
_LATE, _EARLY = (80_000_000, "/before"), (1_000_000, "/after")


def _cut(*parts: dict[str, Any]) -> list[Message]:
    """Return the messages of a batch that was cut into parts."""
    found = []
    for place, data in enumerate(parts):
        own = derived_id(_BATCH.encode(), b"%d" % place) if place else _BATCH
        found.append(message(own, {**data, "parts": len(parts), "batch": _BATCH}))
    return found


_WHOLE = _cut(part(_LATE, _EARLY))
_HALVES = _cut(part(_LATE), part(_EARLY))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_two_cuts_of_one_batch_count_it_once(order: tuple[int, ...]) -> None:
    table = MemoryTable()
    messages = [*_WHOLE, *_HALVES]

    # One after the other: those with one id are never in one call, as the handler sees to it.
    for _ in range(2):
        for place in order:
            count(worker(table), [messages[place]])

    counted = rollups_in(table)
    assert counted[DAY, "total", ""][0] == 2
    assert counted[DAY, "page", "/before"][0] == counted[DAY, "page", "/after"][0] == 1


def test_a_part_that_comes_before_the_first_one_waits_for_it() -> None:
    table = MemoryTable()
    _, second = _HALVES

    early = count(worker(table), [second])

    assert list(early.failures) == [second.id]
    assert rollups_in(table) == {}


def test_the_parts_of_a_batch_count_in_one_go_whatever_their_order() -> None:
    table = MemoryTable()

    deliveries = count_all(worker(table), reversed(_HALVES))

    assert deliveries == 1
    assert rollups_in(table)[DAY, "total", ""][0] == 2


def test_the_first_part_is_found_on_whichever_page_its_receipt_is() -> None:
    table = MemoryTable()
    first, second = _HALVES
    full = [message(identifier(1000 + number), part((0, "/"), visitor="")) for number in range(PAGE_SIZE)]
    count_all(worker(table), full)
    count(worker(table), [first])

    result = count(worker(table), [second])

    assert result.outcomes == {second.id: "counted"}
