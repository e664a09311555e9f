"""SQS's batch calls fail entry by entry: each entry of the answer is looked at, only failed ones are sent again."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cli.dead_letters.messages import Attributes
from shared.attempts import attempts

ENTRIES_PER_CALL = 10
"""Entries that one batch call takes."""

BYTES_PER_CALL = 1_048_576
"""Bytes of bodies and attributes, summed over its entries, that one SendMessageBatch call takes."""

_ATTEMPTS = 4
_BACKOFF_SECONDS = 0.1

Entry = dict[str, Any]
Sleep = Callable[[float], None]


class Outgoing(NamedTuple):
    """A message to send."""

    body: str
    attributes: Attributes
    trace_header: str = ""

    @property
    def size(self) -> int:
        """Return how many bytes it counts for."""
        attributes = sum(
            len(name) + len(value["DataType"]) + len(value.get("BinaryValue", value.get("StringValue", "").encode()))
            for name, value in self.attributes.items()
        )
        return len(self.body.encode()) + attributes

    def entry(self) -> Entry:
        """Return the entry of SendMessageBatch, without its id."""
        entry: Entry = {"MessageBody": self.body, "MessageAttributes": dict(self.attributes)}
        if self.trace_header:
            value = {"DataType": "String", "StringValue": self.trace_header}
            entry["MessageSystemAttributes"] = {"AWSTraceHeader": value}
        return entry


def send(client: Any, url: str, messages: Sequence[Outgoing], *, sleep: Sleep = time.sleep) -> dict[int, str]:  # noqa: ANN401
    """Send messages, and return the places of those that SQS did not confirm, with its error code.

    A message counts as confirmed when SQS names it among the successful ones, with the digest of its body.
    """
    failed: dict[int, str] = {}
    for places in _calls(messages):
        entries = {place: messages[place].entry() for place in places}
        digests = {place: hashlib.md5(messages[place].body.encode()).hexdigest() for place in places}  # noqa: S324  SQS's

        def confirmed(place: int, answer: Entry, digests: Mapping[int, str] = digests) -> bool:
            return bool(answer["MD5OfMessageBody"] == digests[place])

        failed |= _call(client.send_message_batch, url, entries, confirmed, sleep)
    return failed


def delete(client: Any, url: str, receipts: Sequence[str], *, sleep: Sleep = time.sleep) -> dict[int, str]:  # noqa: ANN401
    """Delete messages, and return the places of those that are not deleted, with SQS's error code."""
    entries = [{"ReceiptHandle": receipt} for receipt in receipts]
    return _call_in_turns(client.delete_message_batch, url, entries, sleep)


def set_visibility(
    client: Any,  # noqa: ANN401
    url: str,
    receipts: Iterable[str],
    seconds: int,
    *,
    sleep: Sleep = time.sleep,
) -> int:
    """Hide messages for `seconds`, or with 0 show them at once; return for how many SQS did not do it.

    That is so of messages that are visible already or deleted by somebody else, and harmless.
    """
    failed = 0
    turn: list[Entry] = []
    for receipt in receipts:
        turn.append({"ReceiptHandle": receipt, "VisibilityTimeout": seconds})
        if len(turn) == ENTRIES_PER_CALL:
            failed += len(_call_in_turns(client.change_message_visibility_batch, url, turn, sleep))
            turn = []
    return failed + len(_call_in_turns(client.change_message_visibility_batch, url, turn, sleep))


def _call_in_turns(operation: Callable[..., Any], url: str, entries: Sequence[Entry], sleep: Sleep) -> dict[int, str]:
    failed: dict[int, str] = {}
    for start in range(0, len(entries), ENTRIES_PER_CALL):
        turn = dict(enumerate(entries[start : start + ENTRIES_PER_CALL], start))
        failed |= _call(operation, url, turn, lambda _place, _answer: True, sleep)
    return failed


def _calls(messages: Sequence[Outgoing]) -> Iterator[list[int]]:
    """Yield the places of the messages that go into one call."""
    places: list[int] = []
    size = 0
    for place, message in enumerate(messages):
        if places and (len(places) == ENTRIES_PER_CALL or size + message.size > BYTES_PER_CALL):
            yield places
            places, size = [], 0
        places.append(place)
        size += message.size
    if places:
        yield places


def _call(
    operation: Callable[..., Any],
    url: str,
    entries: Mapping[int, Entry],
    confirmed: Callable[[int, Entry], bool],
    sleep: Sleep,
) -> dict[int, str]:
    """Call until every entry is confirmed or refused for good, and return the error codes of the others."""
    open_ = dict.fromkeys(entries, "NoAnswer")
    refused: dict[int, str] = {}
    for _ in attempts(_ATTEMPTS, _BACKOFF_SECONDS, sleep):
        answer = operation(QueueUrl=url, Entries=[{"Id": str(place), **entries[place]} for place in open_])
        for done in answer.get("Successful", []):
            if confirmed(int(done["Id"]), done):
                open_.pop(int(done["Id"]), None)
        for failure in answer.get("Failed", []):
            place = int(failure["Id"])
            open_[place] = failure["Code"]
            # What is the caller's fault fails again however often it is sent.
            if failure["SenderFault"]:
                refused[place] = open_.pop(place)
        if not open_:
            break
    return refused | open_
