"""A request that is repeated later may be cut into other parts, of which only the first has the same id.

All other parts of a cut are in the queue before its first one, so that the one that counts is there as a whole.
"""

from itertools import permutations
from typing import Any

import pytest

from shared.analytics.messages import Message
from shared.analytics.parts import cut_of, part_id
from shared.analytics.receipts import PAGE_SIZE
from tests.unit.shared.analytics.parts import message, part, rollups_in
from tests.unit.shared.analytics.reference import DAY
from tests.unit.shared.analytics.tables import MemoryTable
from tests.unit.shared.analytics.workers import count, count_all, identifier, worker

_BATCH = identifier(1)
_LATE, _EARLY = (80_000_000, "/before"), (1_000_000, "/after")


def _cut(*parts: dict[str, Any]) -> list[Message]:
    """Return the messages of a batch that was cut into parts."""
    cut = cut_of(parts)
    of_all = {"parts": len(parts), "batch": _BATCH, "cut": cut}
    return [message(part_id(_BATCH, cut, place), {**data, **of_all}) for place, data in enumerate(parts)]


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


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_two_cuts_into_as_many_parts_count_once(order: tuple[int, ...], *, together: bool) -> None:
    table = MemoryTable()
    pages = "abcdef"
    events = [(place * 1_800_000, f"/{page}") for place, page in enumerate(pages)]
    # The second cut was made when the first event had become too old.
    messages = [
        *_cut(part(*events[:4]), part(*events[4:])),
        *_cut(part(*events[1:5]), part(*events[5:])),
    ]
    ordered = [messages[place] for place in order]

    for delivery in [ordered] * 2 if together else [[one] for one in ordered] * 2:
        # As the handler does, which has the others with the same id deleted.
        distinct: dict[str, Message] = {}
        for one in delivery:
            distinct.setdefault(one.id, one)
        count(worker(table), distinct.values())

    counted = {place[2]: vector[0] for place, vector in rollups_in(table).items() if place[:2] == (DAY, "page")}
    expected = pages if order.index(0) < order.index(2) else pages[1:]
    assert counted == {f"/{page}": 1 for page in expected}


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
