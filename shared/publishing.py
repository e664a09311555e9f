"""Hand messages over, to the bus or straight to a queue, and know of each one that it was taken."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from shared.attempts import attempts

ENTRIES_PER_CALL = 10
"""Entries that one PutEvents or SendMessageBatch call takes."""

BYTES_PER_CALL = 1024 * 1024
"""Bytes of all messages that one SendMessageBatch call takes."""

_ATTEMPTS = 3
_BACKOFF_SECONDS = 0.05

Entry = dict[str, Any]


class PublishError(Exception):
    """Raised when not every message was taken.

    Parameters
    ----------
    codes
        The error codes of the entries that were refused, in the end.
    """

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(f"{len(codes)} messages were not taken: {', '.join(sorted(set(codes)))}")
        self.codes = codes


class Caller(Protocol):
    """What `shared.aws.client.JsonClient` does."""

    def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Call an operation and return its answer."""


class Message(NamedTuple):
    """A message to publish; see `schemas.events.Event` for its fields. `source` is for the bus alone."""

    id: str
    source: str
    name: str
    occurred_at: str
    correlation_id: str
    data: Any

    def to_json(self) -> str:
        """Return the message in the envelope of its consumers."""
        envelope = {
            "id": self.id,
            "name": self.name,
            "version": 1,
            "occurred_at": self.occurred_at,
            "correlation_id": self.correlation_id,
            "data": self.data,
        }
        return compact(envelope)


def compact(document: object) -> str:
    """Return a document as short JSON that a queue takes."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    # SQS refuses a message with either of these two, which are no characters.
    return text.replace("\ufffe", r"\ufffe").replace("\uffff", r"\uffff")


class EventBus:
    """The bus, as publishers see it.

    Parameters
    ----------
    client
        Client of EventBridge.
    name
        The bus's name.
    sleep
        How to wait between attempts, in seconds.
    """

    def __init__(self, client: Caller, name: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._name = name
        self._sleep = sleep

    def publish(self, messages: Sequence[Message], *, trace_header: str | None = None) -> None:
        """Return once the bus has taken every message; only those that it refused are sent again.

        Raises
        ------
        PublishError
            When some are still refused after the last attempt.
        shared.aws.errors.AwsError
            When a whole call fails.
        """
        entries = [self._entry(message, trace_header) for message in messages]
        for start in range(0, len(entries), ENTRIES_PER_CALL):
            _hand_over(entries[start : start + ENTRIES_PER_CALL], self._put, self._sleep)

    def _put(self, entries: list[Entry]) -> list[str | None]:
        answer = self._client.call("PutEvents", {"Entries": entries})
        return [result.get("ErrorCode") for result in answer["Entries"]]

    def _entry(self, message: Message, trace_header: str | None) -> Entry:
        entry: Entry = {
            "EventBusName": self._name,
            "Source": message.source,
            "DetailType": message.name,
            "Detail": message.to_json(),
        }
        if trace_header:
            entry["TraceHeader"] = trace_header
        return entry


class Queue:
    """A queue whose one consumer gets messages without a detour over the bus.

    Parameters
    ----------
    client
        Client of SQS.
    url
        The queue's URL.
    sleep
        How to wait between attempts, in seconds.
    """

    def __init__(self, client: Caller, url: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._url = url
        self._sleep = sleep

    def send(self, messages: Sequence[Message], *, trace_header: str | None = None) -> None:
        """Return once the queue has taken every message; only those that it refused are sent again.

        Raises
        ------
        PublishError
            When some are still refused after the last attempt.
        shared.aws.errors.AwsError
            When a whole call fails.
        """
        for bodies in _calls([message.to_json() for message in messages]):
            entries = [_queue_entry(place, body, trace_header) for place, body in enumerate(bodies)]
            _hand_over(entries, self._send, self._sleep)

    def _send(self, entries: list[Entry]) -> list[str | None]:
        answer = self._client.call("SendMessageBatch", {"QueueUrl": self._url, "Entries": entries})
        taken = {result["Id"] for result in answer.get("Successful") or ()}
        refused = {result["Id"]: result["Code"] for result in answer.get("Failed") or ()}
        # What the answer leaves out was not taken, as far as anybody knows.
        return [None if entry["Id"] in taken else refused.get(entry["Id"], "Unanswered") for entry in entries]


def _hand_over(
    entries: list[Entry], call: Callable[[list[Entry]], list[str | None]], sleep: Callable[[float], None]
) -> None:
    """Return once every entry was taken; only those that were refused are sent again.

    `call` sends entries and returns for each the code of the error that refused it, or None.
    """
    codes: list[str] = []
    for _ in attempts(_ATTEMPTS, _BACKOFF_SECONDS, sleep):
        refused = [(entry, code) for entry, code in zip(entries, call(entries), strict=True) if code is not None]
        if not refused:
            return
        entries, codes = [entry for entry, _ in refused], [code for _, code in refused]
    raise PublishError(codes)


def _calls(bodies: list[str]) -> Iterator[list[str]]:
    """Divide messages among calls, of as many entries and bytes as one takes."""
    held: list[str] = []
    size = 0
    for body in bodies:
        length = len(body.encode())
        if held and (len(held) == ENTRIES_PER_CALL or size + length > BYTES_PER_CALL):
            yield held
            held, size = [], 0
        held.append(body)
        size += length
    if held:
        yield held


def _queue_entry(place: int, body: str, trace_header: str | None) -> Entry:
    entry: Entry = {"Id": str(place), "MessageBody": body}
    if trace_header:
        value = {"DataType": "String", "StringValue": trace_header}
        entry["MessageSystemAttributes"] = {"AWSTraceHeader": value}
    return entry
