import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from shared.analytics.aggregation import Aggregation
from shared.analytics.messages import Message
from shared.aws.errors import AwsError, AwsRefusedError, AwsUnreachableError
from shared.table.revisions import ChangedError, UnreadError
from tests.unit.shared.analytics.parts import DATE, SITE, message, part, rollups_in
from tests.unit.shared.analytics.reference import Reference
from tests.unit.shared.analytics.tables import TABLE, MemoryTable
from tests.unit.shared.analytics.workers import count, count_all, identifier, items_of, worker

_ATTEMPTS = 8
_READS = 5


def messages_of(*parts: dict[str, Any]) -> list[Message]:
    return [message(identifier(number), data) for number, data in enumerate(parts)]


def visitors(number: int) -> list[dict[str, Any]]:
    return [part((place * 1000, f"/{place % 5}"), visitor=f"visitor-{place:08d}") for place in range(number)]


def refusing(visitor: str) -> Callable[[str, Mapping[str, Any]], None]:
    """Return what refuses every transaction that writes a visitor."""

    def refuse(operation: str, request: Mapping[str, Any]) -> None:
        if operation == "TransactWriteItems" and any(
            visitor in write["Update"]["ExpressionAttributeNames"].values() for write in request["TransactItems"]
        ):
            raise AwsRefusedError(400, "ValidationException")

    return refuse


def planned(table: MemoryTable) -> MemoryTable:
    """Return the table with the plan of the day, so that what follows goes wrong with messages."""
    count(worker(table), messages_of(part())[:1])
    table.items = {place: item for place, item in table.items.items() if place[0] == f"ANALYTICS#{SITE}"}
    table.calls.clear()
    return table


@pytest.mark.parametrize("poison", [0, 1, 20, 39])
def test_a_message_that_dynamodb_refuses_fails_alone(poison: int) -> None:
    parts = visitors(40)
    table = MemoryTable(before=refusing(parts[poison]["visitor"]))
    messages = messages_of(*parts)

    result = count(worker(table), messages)

    assert {name: type(error) for name, error in result.failures.items()} == {messages[poison].id: AwsRefusedError}
    assert len(result.outcomes) == 39
    assert rollups_in(table) == Reference([data for data in parts if data is not parts[poison]]).rollups


def test_what_dynamodb_refuses_is_not_tried_again() -> None:
    table = planned(MemoryTable(before=refusing("visitor-00000000")))
    refused: list[str] = []
    refuse = table.before

    def note(operation: str, request: Mapping[str, Any]) -> None:
        refused.append(operation)
        refuse(operation, request)

    table.before = note
    count(worker(table), messages_of(*visitors(1)))

    assert refused.count("TransactWriteItems") == 1


def test_a_visitor_whose_name_the_table_has_for_itself_fails_alone() -> None:
    table = MemoryTable()
    parts = [part((0, "/"), visitor="rev"), part((0, "/"), visitor="PK"), *visitors(5)]
    messages = messages_of(*parts)

    result = count(worker(table), messages)

    assert result.failures.keys() == {messages[0].id, messages[1].id}
    assert rollups_in(table) == Reference(parts[2:]).rollups


def test_a_message_whose_day_cannot_be_planned_fails_alone() -> None:
    table = MemoryTable()
    messages = messages_of(part((0, "/"), day="0001-01-01"), *visitors(3))

    result = count(worker(table), messages)

    assert result.failures.keys() == {messages[0].id}
    assert rollups_in(table) == Reference(visitors(3)).rollups


def test_conflicts_for_ever_fail_every_message_and_write_nothing() -> None:
    table = planned(MemoryTable())
    before = dict(table.items)
    table.fault = lambda: "conflict"
    messages = messages_of(*visitors(10))

    result = count(worker(table), messages)

    assert {name: type(error) for name, error in result.failures.items()} == dict.fromkeys(
        (known.id for known in messages), ChangedError
    )
    assert len(table.writes) == _ATTEMPTS
    assert table.items == before


@pytest.mark.parametrize("fault", ["throttle", "error", "conflict"])
def test_what_passes_is_tried_again(fault: str) -> None:
    table = planned(MemoryTable())
    faults = [fault] * (_ATTEMPTS - 1)
    table.fault = lambda: faults.pop() if faults else None

    result = count(worker(table), messages_of(*visitors(3)))

    assert (len(result.outcomes), result.failures) == (3, {})
    assert len(table.writes) == _ATTEMPTS


def test_between_attempts_it_waits_a_little_longer_each_time() -> None:
    table = planned(MemoryTable())
    table.fault = lambda: "conflict"
    waits: list[float] = []

    aggregation = Aggregation(items_of(table), sleep=waits.append)
    aggregation.count(messages_of(*visitors(1)), seconds_left=lambda: 1)

    assert len(waits) == _ATTEMPTS - 1
    assert all(0 <= wait <= 0.02 * 2**attempt for attempt, wait in enumerate(waits, 1))
    assert any(waits)


@pytest.mark.parametrize("number", [1, 3])
def test_what_was_written_without_an_answer_is_not_counted_again(number: int) -> None:
    table = planned(MemoryTable())
    faults = ["lost"]
    table.fault = lambda: faults.pop() if faults else None

    result = count(worker(table), messages_of(*visitors(number)))

    assert set(result.outcomes.values()) == {"duplicate"}
    assert rollups_in(table) == Reference(visitors(number)).rollups


def test_a_read_that_is_throttled_for_ever_fails_what_it_was_for() -> None:
    table = planned(MemoryTable())
    call = table.call

    class Throttled:
        def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
            answer = call(operation, request)
            if operation == "BatchGetItem" and len(request["RequestItems"][TABLE]["Keys"]) > 2:
                return {"Responses": {}, "UnprocessedKeys": request["RequestItems"]}
            return answer

    result = count(worker(Throttled()), messages_of(*visitors(2)))

    assert [type(error) for error in result.failures.values()] == [UnreadError] * 2
    assert len(table.calls) == 1 + _ATTEMPTS * _READS


def test_where_the_table_cannot_be_reached_every_message_fails() -> None:
    def cut(_operation: str, _request: Mapping[str, Any]) -> None:
        raise AwsUnreachableError

    result = count(worker(MemoryTable(before=cut)), messages_of(*visitors(3)))

    assert [type(error) for error in result.failures.values()] == [AwsUnreachableError] * 3


def test_a_site_that_cannot_be_planned_leaves_others_alone() -> None:
    def refuse(operation: str, request: Mapping[str, Any]) -> None:
        if operation == "BatchGetItem" and "ANALYTICS#other.example" in str(request):
            raise AwsRefusedError(400, "AccessDeniedException")

    table = MemoryTable(before=refuse)
    messages = messages_of(part((0, "/"), site="other.example"), part((0, "/")))

    result = count(worker(table), messages)

    assert (list(result.failures), list(result.outcomes)) == ([messages[0].id], [messages[1].id])


def test_without_time_nothing_is_begun() -> None:
    table = planned(MemoryTable())

    asked = itertools.count()

    result = worker(table).count(messages_of(*visitors(3)), seconds_left=lambda: -next(asked))

    assert [type(error) for error in result.failures.values()] == [TimeoutError] * 3
    assert table.writes == []
    assert next(asked) == 1


def test_what_was_begun_before_the_time_was_up_is_counted() -> None:
    table = planned(MemoryTable())
    parts = [part((hour * 3_600_000, "/"), visitor=f"visitor-{hour:08d}") for hour in range(24)]
    # To plan the day, and for the first transaction.
    left: Iterator[float] = iter([1, 1])

    result = worker(table).count(messages_of(*parts), seconds_left=lambda: next(left, 0))

    assert len(table.writes) == 1
    assert len(result.outcomes) + len(result.failures) == 24
    assert {type(error) for error in result.failures.values()} == {TimeoutError}
    counted = [data for number, data in enumerate(parts) if identifier(number) in result.outcomes]
    assert rollups_in(table) == Reference(counted).rollups


def test_when_the_time_is_up_what_conflicts_is_not_tried_again() -> None:
    table = planned(MemoryTable())
    table.fault = lambda: "conflict"
    left: Iterator[float] = iter([1, 1, 1])

    result = worker(table).count(messages_of(*visitors(1)), seconds_left=lambda: next(left, 0))

    assert [type(error) for error in result.failures.values()] == [ChangedError]
    assert len(table.writes) == 2


def test_without_time_no_day_is_planned_and_nothing_is_asked() -> None:
    table = MemoryTable()

    result = worker(table).count(messages_of(*visitors(50)), seconds_left=lambda: 0.0)

    assert {type(error) for error in result.failures.values()} == {TimeoutError}
    assert (len(result.failures), table.calls) == (50, [])


@pytest.mark.parametrize(("error", "tried"), [(AwsUnreachableError(), 8), (AwsRefusedError(400, "AccessDenied"), 1)])
def test_a_day_that_can_not_be_planned_fails_its_messages_at_once(error: AwsError, tried: int) -> None:
    calls = []

    def refuse(operation: str, _request: Mapping[str, Any]) -> None:
        calls.append(operation)
        raise error

    result = count(worker(MemoryTable(before=refuse)), messages_of(*visitors(50)))

    assert (len(result.failures), len(calls)) == (50, tried)
    assert set(result.failures.values()) == {error}


def test_who_plans_a_day_at_the_same_moment_as_another_tries_again() -> None:
    faults = ["conflict"]
    table = MemoryTable(lambda: faults.pop() if faults else None)

    assert not count(worker(table), messages_of(*visitors(50))).failures


def test_what_failed_is_counted_when_it_is_delivered_again() -> None:
    parts = visitors(40)
    table = MemoryTable(before=refusing(parts[7]["visitor"]))
    messages = messages_of(*parts)
    count(worker(table), messages)
    table.before = lambda _operation, _request: None

    count_all(worker(table), messages)

    assert rollups_in(table) == Reference(parts).rollups


def test_rollups_that_are_remembered_save_reading_them() -> None:
    table = MemoryTable()
    aggregation = worker(table)
    first, second, third = messages_of(*visitors(3))
    # With which revision it was made is not known to who made it.
    count(aggregation, [first])
    count(aggregation, [second])
    table.calls.clear()

    count(aggregation, [third])

    (read,) = [request for operation, request in table.calls if operation == "BatchGetItem"]
    assert not any(key["PK"]["S"].startswith("ROLLUP#") for key in read["RequestItems"][TABLE]["Keys"])


@pytest.mark.parametrize(
    ("partition", "sort", "days"),
    [("ROLLUP#", DATE, None), ("ROLLUP#", "00", 90), ("VISITORS#", "STATES", 20), ("RECEIPTS#", "PAGE#0", 60)],
)
def test_all_but_the_rollups_of_days_expire(partition: str, sort: str, days: int | None) -> None:
    table = MemoryTable()

    count(worker(table), messages_of(*visitors(1)))

    expiries = [
        item.get("expires_at")
        for place, item in table.items.items()
        if place[0].startswith(partition) and place[1] == sort
    ]
    assert expiries == [{"N": str(1_795_780_800 + days * 24 * 3600)} if days else None] * len(expiries)
    assert expiries
