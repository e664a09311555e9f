from collections.abc import Callable, Mapping
from typing import Any

import pytest

from shared.aws.errors import AwsUnreachableError
from tests.unit.shared.analytics.parts import ROBOT, message, part, rollups_in
from tests.unit.shared.analytics.reference import Reference
from tests.unit.shared.analytics.tables import MemoryTable
from tests.unit.shared.analytics.workers import count, count_all, identifier, worker

_HOUR = 3_600_000
_TIMES = [0, 4 * _HOUR, 25 * 60_000, 50 * 60_000, 2 * _HOUR, 90 * 60_000]
# Out of order, so that visits are joined; so many hours that there are several transactions.
PARTS = [
    part((time + shift, f"/{place % 3}"), (time + shift + 1_000, "/end", "signup"), visitor=f"visitor-{visitor:08d}")
    for shift in (0, 6 * _HOUR, 12 * _HOUR, 18 * _HOUR)
    for place, time in enumerate(_TIMES)
    for visitor in range(2)
]
_DROPPED = [part((0, "/"), user_agent=ROBOT), part()]


class KilledError(BaseException):
    """Raised where a worker ends: nothing in it may catch it."""


class Mortal:
    """A client that raises an error at its call of some number, before it does it or after."""

    def __init__(self, table: MemoryTable, error: BaseException, *, at: int, is_done: bool) -> None:
        self._table = table
        self._error = error
        self._left = at
        self._is_done = is_done

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        self._left -= 1
        if self._left == -1 and not self._is_done:
            raise self._error
        answer = self._table.call(operation, request)
        if self._left == -1:
            raise self._error
        return answer


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "error", [KilledError(), AwsUnreachableError(), RuntimeError()], ids=lambda error: type(error).__name__
)
def test_a_worker_that_ends_at_any_call_has_counted_everything_once_after_all(
    error: BaseException, is_done: bool, show_figure: Callable[[str], None]
) -> None:
    messages = [message(identifier(number), data) for number, data in enumerate([*PARTS, *_DROPPED])]
    whole = MemoryTable()
    count(worker(whole), messages)
    reference = Reference(PARTS).rollups
    assert rollups_in(whole) == reference
    assert len(whole.writes) > 3

    for number in range(len(whole.calls)):
        table = MemoryTable()
        try:
            count(worker(Mortal(table, error, at=number, is_done=is_done)), messages)
        except KilledError:
            assert isinstance(error, KilledError)
        count_all(worker(table), messages)
        assert rollups_in(table) == reference, f"at call {number}"

    show_figure(
        f"analytics: {type(error).__name__} {'after' if is_done else 'before'} each of {len(whole.calls)} calls, "
        "delivered again: exact"
    )
