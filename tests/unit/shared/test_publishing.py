import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.publishing import ENTRIES_PER_CALL, EventBus, PublishError
from tests.unit.shared.buses import MemoryBus, message, number_of

THROTTLED = "ThrottlingException"
FAILED = "InternalFailure"


def publish(memory: MemoryBus, count: int) -> None:
    bus = EventBus(memory, "sitewire-local", sleep=lambda _seconds: None)
    bus.publish([message(number) for number in range(count)])


def numbers(entries: list[dict[str, Any]]) -> list[int]:
    return [number_of(entry) for entry in entries]


def test_an_event_is_put_in_the_envelope_of_its_consumers() -> None:
    memory = MemoryBus()
    bus = EventBus(memory, "sitewire-local")

    bus.publish([message(1, greeting="Grüße 👋")], trace_header="Root=1-2-3")

    (entry,) = memory.taken
    assert {name: value for name, value in entry.items() if name != "Detail"} == {
        "EventBusName": "sitewire-local",
        "Source": "sitewire.contact",
        "DetailType": "ContactSubmitted",
        "TraceHeader": "Root=1-2-3",
    }
    assert json.loads(entry["Detail"]) == {
        "id": "id-1",
        "name": "ContactSubmitted",
        "version": 1,
        "occurred_at": "2026-08-16T17:22:26.125Z",
        "correlation_id": "correlation",
        "data": {"greeting": "Grüße 👋"},
    }


def test_an_event_without_a_trace_has_no_trace_header() -> None:
    memory = MemoryBus()

    publish(memory, 1)

    assert "TraceHeader" not in memory.taken[0]


def test_of_a_call_that_failed_in_part_only_the_refused_events_are_sent_again(
    show_figure: Callable[[str], None],
) -> None:
    memory = MemoryBus(lambda call, entry: THROTTLED if call == 0 and number_of(entry) in {2, 5, 7} else None)

    publish(memory, 10)

    again = numbers(memory.calls[1])
    show_figure(f"PutEvents partial failure: 3 of 10 refused, {len(again)} sent again: events {again}")
    assert again == [2, 5, 7]
    assert len(memory.calls) == 2


def test_every_event_is_taken_once_when_calls_fail_in_part() -> None:
    memory = MemoryBus(lambda call, entry: FAILED if number_of(entry) % 3 == call else None)

    publish(memory, 10)

    assert sorted(numbers(memory.taken)) == list(range(10))


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])])
def test_calls_hold_as_many_events_as_one_may(count: int, sizes: list[int]) -> None:
    memory = MemoryBus()

    publish(memory, count)

    assert [len(call) for call in memory.calls] == sizes
    assert max(sizes, default=0) <= ENTRIES_PER_CALL


def test_an_event_that_is_refused_every_time_is_never_taken_for_published() -> None:
    memory = MemoryBus(lambda _call, entry: THROTTLED if number_of(entry) == 4 else None)

    with pytest.raises(PublishError, match="1 messages were not taken: ThrottlingException"):
        publish(memory, 10)

    assert 4 not in numbers(memory.taken)


def test_the_error_names_the_code_of_each_event_that_was_refused() -> None:
    memory = MemoryBus(lambda _call, entry: {1: THROTTLED, 2: FAILED}.get(number_of(entry)))

    with pytest.raises(PublishError) as caught:
        publish(memory, 3)

    assert caught.value.codes == [THROTTLED, FAILED]


def test_it_gives_up_after_three_attempts() -> None:
    memory = MemoryBus(lambda _call, _entry: FAILED)

    with pytest.raises(PublishError):
        publish(memory, 2)

    assert [len(call) for call in memory.calls] == [2, 2, 2]


def test_it_waits_between_attempts_and_not_before_the_first() -> None:
    waits: list[float] = []
    bus = EventBus(MemoryBus(lambda call, _entry: FAILED if call < 2 else None), "sitewire-local", sleep=waits.append)

    bus.publish([message(1)])

    assert len(waits) == 2
    assert all(0 <= wait <= 0.2 for wait in waits)


class ShortAnswer:
    """A caller whose answer leaves an entry out."""

    def call(self, _operation: str, request: dict[str, Any]) -> dict[str, Any]:
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}] * (len(request["Entries"]) - 1)}


def test_an_answer_that_leaves_an_event_out_is_no_success() -> None:
    bus = EventBus(ShortAnswer(), "sitewire-local")

    with pytest.raises((PublishError, ValueError)):
        bus.publish([message(1), message(2)])
