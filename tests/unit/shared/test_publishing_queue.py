import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.publishing import Message, PublishError, Queue
from tests.unit.shared.buses import message, number_of
from tests.unit.shared.queues import MemoryQueue

URL = "https://sqs.example/queue"
THROTTLED = "ThrottlingException"


def send(memory: Any, messages: list[Message], trace_header: str | None = None) -> None:
    Queue(memory, URL, sleep=lambda _seconds: None).send(messages, trace_header=trace_header)


def numbers(entries: list[dict[str, Any]]) -> list[int]:
    return [number_of({"Detail": entry["MessageBody"]}) for entry in entries]


def test_a_message_has_the_envelope_that_it_would_have_on_the_bus() -> None:
    memory = MemoryQueue()

    send(memory, [message(1, greeting="Grüße 👋")], trace_header="Root=1-2-3")

    assert memory.messages == [json.loads(message(1, greeting="Grüße 👋").to_json())]
    header = memory.taken[0]["MessageSystemAttributes"]["AWSTraceHeader"]
    assert header == {"DataType": "String", "StringValue": "Root=1-2-3"}


def test_a_message_without_a_trace_has_no_trace_header() -> None:
    memory = MemoryQueue()

    send(memory, [message(1)])

    assert memory.taken[0].keys() == {"Id", "MessageBody"}


def test_of_a_call_that_failed_in_part_only_the_refused_messages_are_sent_again(
    show_figure: Callable[[str], None],
) -> None:
    refused = {2, 5, 7}
    memory = MemoryQueue(lambda call, entry: THROTTLED if call == 0 and int(entry["Id"]) in refused else None)

    send(memory, [message(number) for number in range(10)])

    again = numbers(memory.calls[1])
    show_figure(f"SendMessageBatch partial failure: 3 of 10 refused, {len(again)} sent again: messages {again}")
    assert again == [2, 5, 7]
    assert sorted(numbers(memory.taken)) == list(range(10))


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1])])
def test_calls_hold_as_many_messages_as_one_may(count: int, sizes: list[int]) -> None:
    memory = MemoryQueue()

    send(memory, [message(number) for number in range(count)])

    assert [len(call) for call in memory.calls] == sizes


def test_calls_hold_as_many_bytes_as_one_may() -> None:
    memory = MemoryQueue()

    send(memory, [message(number, text="ü" * 130_000) for number in range(9)])

    assert [len(call) for call in memory.calls] == [4, 4, 1]
    assert numbers(memory.taken) == list(range(9))


def test_a_message_that_is_refused_every_time_is_never_taken_for_sent() -> None:
    memory = MemoryQueue(lambda _call, entry: THROTTLED if entry["Id"] == "1" else None)

    with pytest.raises(PublishError) as caught:
        send(memory, [message(0), message(1)])

    assert caught.value.codes == [THROTTLED]
    assert numbers(memory.taken) == [0]


class ShortAnswer:
    """A caller whose answers leave everything out."""

    def call(self, _operation: str, _request: dict[str, Any]) -> dict[str, Any]:
        return {}


def test_an_answer_that_leaves_a_message_out_is_no_success() -> None:
    with pytest.raises(PublishError, match="Unanswered"):
        send(ShortAnswer(), [message(1)])
