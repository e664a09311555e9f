"""A dead letter, parsed: what SQS gave up on, or what EventBridge could not deliver.

The body of most is an EventBridge event, which carries ours. Visits go into their queue without a bus: the body is our
message itself, or the request for the pixel that API Gateway puts there. EventBridge says in message attributes which
rule had which target and what went wrong (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html);
SQS says nothing of the kind.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

REPLAYS = "sitewire-replays"
"""Message attribute that counts how often a message was replayed, across all replays."""

PIXEL = "pixel"
"""What a page view without a script counts as: it has no name, and its id is its correlation id too."""

RULE, TARGET, ERROR_CODE, ERROR_MESSAGE = "RULE_ARN", "TARGET_ARN", "ERROR_CODE", "ERROR_MESSAGE"

Attributes = Mapping[str, Mapping[str, Any]]
"""Message attributes as SQS takes and gives them."""


class DeadLetter(NamedTuple):
    """A message of a dead-letter queue.

    `sent_at` is in seconds since the epoch; `event` is the body's JSON object, empty if it is none.
    """

    message_id: str
    receipt: str
    body: str
    attributes: Attributes
    sent_at: float
    receive_count: int
    trace_header: str
    event: Mapping[str, Any]

    @property
    def own(self) -> Mapping[str, Any]:
        """Return our own message: what EventBridge's envelope carries, or the body where there is none."""
        if "detail" in self.event:
            return _object(self.event["detail"])
        if PIXEL in self.event:
            hit = _object(self.event[PIXEL])
            return {"id": hit.get("id"), "name": PIXEL, "correlation_id": hit.get("id")}
        return self.event

    @property
    def event_id(self) -> str | None:
        """Return the identity by which its worker knows the message, and applies it once."""
        return _text(self.own.get("id"))

    @property
    def event_name(self) -> str | None:
        """Return what happened, such as ContactSubmitted."""
        return _text(self.own.get("name")) or _text(self.event.get("detail-type"))

    @property
    def correlation_id(self) -> str | None:
        """Return what leads through the logs."""
        return _text(self.own.get("correlation_id"))

    @property
    def id(self) -> str:
        """Return the event's id, or SQS's own where the body is no event of ours."""
        return self.event_id or self.message_id

    @property
    def replays(self) -> int:
        """Return how often it was replayed."""
        value = self.attribute(REPLAYS) or ""
        return int(value) if value.isascii() and value.isdecimal() else 0

    def attribute(self, name: str) -> str | None:
        """Return the text of a message attribute."""
        return _text(self.attributes.get(name, {}).get("StringValue"))

    def replayed_attributes(self) -> dict[str, Mapping[str, Any]]:
        """Return the attributes with which it is sent again: its own, and one replay more."""
        return {**self.attributes, REPLAYS: {"DataType": "Number", "StringValue": str(self.replays + 1)}}

    def document(self) -> dict[str, Any]:
        """Return what a filter sees: the body's fields, the body again as `body`, and `message` about the letter."""
        message = {
            "id": self.message_id,
            "sent_at": moment(self.sent_at),
            "receive_count": self.receive_count,
            "replays": self.replays,
            "attributes": {name: self.attribute(name) for name in self.attributes},
        }
        return {**self.event, "body": self.event, "message": message}


def parse(message: Mapping[str, Any]) -> DeadLetter:
    """Return a message as ReceiveMessage gives it, asked for all attributes."""
    system = message.get("Attributes", {})
    return DeadLetter(
        message_id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        attributes={name: _settable(value) for name, value in message.get("MessageAttributes", {}).items()},
        sent_at=int(system.get("SentTimestamp", 0)) / 1000,
        receive_count=int(system.get("ApproximateReceiveCount", 1)),
        trace_header=system.get("AWSTraceHeader", ""),
        event=_event(message["Body"]),
    )


def moment(seconds: float) -> str:
    """Return a time as RFC 3339 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(body: str) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _settable(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of an attribute that can be sent again."""
    return {name: value[name] for name in ("DataType", "StringValue", "BinaryValue") if name in value}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
