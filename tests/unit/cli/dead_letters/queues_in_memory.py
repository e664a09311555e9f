"""SQS as far as a replay needs it, without a socket: fast enough for many messages, and it can end a run anywhere."""

import hashlib
import heapq
import json
from collections import deque
from collections.abc import Callable
from typing import Any

SENT_AT = 1_000
_CALL_SECONDS = 0.015


class KilledError(BaseException):
    """Raised where the process is killed, and by every call after it: a killed process does nothing more."""


class QueuesInMemory:
    """A dead-letter queue that is full of messages, and a worker's queue that remembers what it was sent.

    Messages are made when they are received, so that the queue itself takes no memory for them.

    Parameters
    ----------
    count
        Messages in the dead-letter queue.
    """

    def __init__(self, count: int) -> None:
        self.now = 0.0
        self.delivered = bytearray(count)
        self.deleted = bytearray(count)
        self._fresh = 0
        self._count = count
        self._back: deque[int] = deque()
        self._hidden: dict[int, float] = {}
        self._until: list[tuple[float, int]] = []
        self._calls_left: int | None = None
        self._takes_effect = True
        self.calls = 0

    def kill_at(self, call: int, *, takes_effect: bool) -> None:
        """Let the process be killed at a call: before it reaches SQS, or before its answer comes."""
        self._calls_left, self._takes_effect = call, takes_effect

    def revive(self) -> None:
        self._calls_left = None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def get_queue_url(self, QueueName: str) -> dict[str, str]:  # noqa: N803  SQS's names
        return {"QueueUrl": QueueName}

    def receive_message(
        self, MaxNumberOfMessages: int, VisibilityTimeout: int, WaitTimeSeconds: int, **_: Any  # noqa: N803
    ) -> dict[str, Any]:  # fmt: skip
        return self._call(lambda: self._receive(MaxNumberOfMessages, VisibilityTimeout, WaitTimeSeconds))

    def send_message_batch(self, Entries: list[dict[str, Any]], **_: Any) -> dict[str, Any]:  # noqa: N803
        return self._call(lambda: self._send(Entries))

    def delete_message_batch(self, Entries: list[dict[str, Any]], **_: Any) -> dict[str, Any]:  # noqa: N803
        return self._call(lambda: self._each(Entries, self._delete))

    def change_message_visibility_batch(self, Entries: list[dict[str, Any]], **_: Any) -> dict[str, Any]:  # noqa: N803
        return self._call(lambda: self._each(Entries, self._hide_until))

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        return self._call(lambda: {"Attributes": {"ApproximateNumberOfMessagesNotVisible": str(len(self._hidden))}})

    def _call(self, operation: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        self.calls += 1
        self.now += _CALL_SECONDS
        if self._calls_left is None:
            return operation()
        self._calls_left -= 1
        if self._calls_left >= 0:
            return operation()
        if self._calls_left == -1 and self._takes_effect:
            operation()
        raise KilledError

    def _receive(self, most: int, seconds: int, wait: int) -> dict[str, Any]:
        self._show_again()
        numbers = [self._next() for _ in range(min(most, len(self._back) + self._count - self._fresh))]
        if not numbers:
            self.now += wait
        for number in numbers:
            self._hide(number, seconds)
        return {"Messages": [_message(number) for number in numbers]}

    def _next(self) -> int:
        if self._back:
            return self._back.popleft()
        self._fresh += 1
        return self._fresh - 1

    def _send(self, entries: list[dict[str, Any]]) -> dict[str, Any]:
        for entry in entries:
            self.delivered[json.loads(entry["MessageBody"])["detail"]["number"]] += 1
        return {
            "Successful": [
                {"Id": entry["Id"], "MD5OfMessageBody": hashlib.md5(entry["MessageBody"].encode()).hexdigest()}
                for entry in entries
            ]
        }

    def _each(self, entries: list[dict[str, Any]], change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        for entry in entries:
            change(entry)
        return {"Successful": [{"Id": entry["Id"]} for entry in entries]}

    def _delete(self, entry: dict[str, Any]) -> None:
        self._hidden.pop(int(entry["ReceiptHandle"]), None)
        self.deleted[int(entry["ReceiptHandle"])] = 1

    def _hide_until(self, entry: dict[str, Any]) -> None:
        number = int(entry["ReceiptHandle"])
        if number in self._hidden:
            self._hide(number, entry["VisibilityTimeout"])

    def _hide(self, number: int, seconds: int) -> None:
        self._hidden[number] = self.now + seconds
        heapq.heappush(self._until, (self.now + seconds, number))

    def _show_again(self) -> None:
        while self._until and self._until[0][0] <= self.now:
            until, number = heapq.heappop(self._until)
            if self._hidden.get(number) == until:
                del self._hidden[number]
                self._back.append(number)


def _message(number: int) -> dict[str, Any]:
    detail = {"id": f"event-{number}", "name": "ContactSubmitted", "number": number, "text": "x" * 500}
    return {
        "MessageId": f"{number:08d}-0000-4000-8000-000000000000",
        "ReceiptHandle": str(number),
        "Body": json.dumps({"detail-type": "ContactSubmitted", "detail": detail}),
        "Attributes": {"SentTimestamp": str(SENT_AT * 1000), "ApproximateReceiveCount": "6"},
    }
