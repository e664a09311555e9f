import json
from typing import Any

import pytest

from cli.dead_letters.causes import delivery_error
from cli.dead_letters.messages import PIXEL, REPLAYS, DeadLetter, parse

BY_SQS = {
    "MessageId": "d1a3",
    "ReceiptHandle": "receipt",
    "Body": json.dumps(
        {
            "version": "0",
            "id": "e5c1",
            "detail-type": "ContactSubmitted",
            "source": "sitewire.contact",
            "detail": {"id": "01890a5d", "name": "ContactSubmitted", "correlation_id": "trace-1", "data": {}},
        }
    ),
    "Attributes": {
        "SentTimestamp": "1795477011851",
        "ApproximateReceiveCount": "6",
        "AWSTraceHeader": "Root=1-67",
        "DeadLetterQueueSourceArn": "arn:aws:sqs:eu-central-1:123456789012:sitewire-local-store-contact",
    },
}
BY_EVENTBRIDGE = {
    **BY_SQS,
    "MessageAttributes": {
        "RULE_ARN": {"DataType": "String", "StringValue": "arn:aws:events:eu-central-1:123456789012:rule/bus/store"},
        "TARGET_ARN": {"DataType": "String", "StringValue": "arn:aws:sqs:eu-central-1:123456789012:sitewire-local-x"},
        "ERROR_CODE": {"DataType": "String", "StringValue": "NO_PERMISSIONS"},
        "ERROR_MESSAGE": {"DataType": "String", "StringValue": "Access to the queue is denied"},
        "RETRY_ATTEMPTS": {"DataType": "Number", "StringValue": "185"},
    },
}


def with_body(body: str) -> DeadLetter:
    return parse({**BY_SQS, "Body": body})


def with_replays(value: dict[str, Any]) -> DeadLetter:
    return parse({**BY_SQS, "MessageAttributes": {REPLAYS: value}})


def test_a_dead_letter_of_sqs_tells_its_event() -> None:
    message = parse(BY_SQS)

    assert (message.id, message.event_name, message.correlation_id) == ("01890a5d", "ContactSubmitted", "trace-1")
    assert (message.sent_at, message.receive_count, message.trace_header) == (1795477011.851, 6, "Root=1-67")
    assert message.replays == 0


def test_a_message_without_a_bus_tells_its_own_fields() -> None:
    message = with_body(json.dumps({"id": "01890a5d", "name": "RecordAnalytics", "correlation_id": "trace-1"}))

    assert (message.id, message.event_name, message.correlation_id) == ("01890a5d", "RecordAnalytics", "trace-1")
    assert message.document()["name"] == "RecordAnalytics"


def test_a_request_for_the_pixel_has_one_id_for_everything() -> None:
    message = with_body(json.dumps({"pixel": {"id": "hit-1", "url": "https://example.org/"}}))

    assert (message.id, message.event_name, message.correlation_id) == ("hit-1", PIXEL, "hit-1")


def test_the_id_of_eventbridges_envelope_is_not_the_messages() -> None:
    message = with_body('{"id": "e5c1", "detail": "text"}')

    assert message.id == "d1a3"


def test_a_dead_letter_of_eventbridge_tells_what_went_wrong() -> None:
    message = parse(BY_EVENTBRIDGE)

    assert delivery_error(message) == "NO_PERMISSIONS: Access to the queue is denied (to sitewire-local-x)"
    assert message.event_id == "01890a5d"


def test_a_message_without_eventbridges_attributes_has_an_unknown_target() -> None:
    assert delivery_error(parse(BY_SQS)) == "EventBridge could not deliver it (to an unknown target)"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not JSON",
        "[]",
        "7",
        "null",
        "{}",
        '{"detail": "text"}',
        '{"detail": {"id": 7, "name": ["x"]}}',
        "[" * 100_000,
    ],
    ids=lambda body: body[:20],
)
def test_any_body_is_a_dead_letter(body: str) -> None:
    message = with_body(body)

    assert (message.id, message.event_name, message.correlation_id) == ("d1a3", None, None)
    assert message.document()["message"]["id"] == "d1a3"


def test_a_replay_counts_one_more_and_keeps_the_other_attributes() -> None:
    attributes = parse(BY_EVENTBRIDGE).replayed_attributes()

    assert attributes.pop(REPLAYS) == {"DataType": "Number", "StringValue": "1"}
    assert attributes == BY_EVENTBRIDGE["MessageAttributes"]


@pytest.mark.parametrize(
    ("value", "replays"),
    [({"StringValue": "2"}, 2), ({"StringValue": "-1"}, 0), ({"StringValue": "two"}, 0), ({"BinaryValue": b"2"}, 0)],
)
def test_a_count_of_replays_that_is_none_counts_as_zero(value: dict[str, Any], replays: int) -> None:
    assert with_replays({"DataType": "Number", **value}).replays == replays
