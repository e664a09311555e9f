"""A worker on a bench: fed with batches, its log lines and metrics caught."""

import io
import itertools
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

from schemas.events import ContactSubmitted
from shared.consumer import Consumer, Early, Outcome
from tests.unit import events

_numbers = itertools.count()


class Context:
    """What Lambda tells a function of its invocation."""

    function_name = "sitewire-local-store-contact"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:sitewire-local-store-contact"
    aws_request_id = "3c9fa3ae-9a3f-4e0d-8f0b-2f1f6e7c5d4b"

    def __init__(self, *, remaining_seconds: float = 20) -> None:
        self._remaining_seconds = remaining_seconds

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the invocation may still take."""
        return int(self._remaining_seconds * 1000)


class Bench:
    """A consumer of ContactSubmitted, and what it wrote.

    Parameters
    ----------
    apply
        What the worker does with an event.
    reject
        What it does with one that waited too long; deliveries at which it was early are remembered on the bench.
    """

    def __init__(
        self,
        apply: Callable[[ContactSubmitted], Outcome],
        *,
        reject: Callable[[ContactSubmitted, str], Outcome] | None = None,
    ) -> None:
        self._output = io.StringIO()
        self._early: dict[str, set[int]] = {}
        # Powertools keeps one logger per service, and the stream that it was created with.
        self.service = f"worker_{next(_numbers)}"
        with redirect_stdout(self._output):
            self._consumer = Consumer(
                self.service, ContactSubmitted, apply, early=Early(self._count, reject) if reject else None
            )

    def deliver(self, *bodies: str, context: Context | None = None, receive_count: int = 1) -> dict[str, Any]:
        """Deliver a batch of SQS messages and return the answer."""
        with redirect_stdout(self._output):
            return self._consumer(events.sqs_event(bodies, receive_count=receive_count), context or Context())

    def _count(self, queue_id: str, delivery: int) -> int:
        deliveries = self._early.setdefault(queue_id, set())
        deliveries.add(delivery)
        return len(deliveries)

    @property
    def written(self) -> str:
        """Return all that it wrote."""
        return self._output.getvalue()

    @property
    def log_lines(self) -> list[dict[str, Any]]:
        """Return what it logged of messages."""
        return [line for line in self._lines() if line["message"] != "batch processed"]

    @property
    def metrics(self) -> dict[str, list[float]]:
        """Return the values of each metric, in one list over all batches."""
        found: dict[str, list[float]] = {}
        for line in self._lines():
            for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
                for metric in directive["Metrics"]:
                    value = line[metric["Name"]]
                    found.setdefault(metric["Name"], []).extend(value if isinstance(value, list) else [value])
        return found

    def _lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.written.splitlines()]


def failures(*numbers: int) -> dict[str, Any]:
    """Return the answer that keeps these messages of a batch in the queue."""
    return {"batchItemFailures": [{"itemIdentifier": f"message-{number}"} for number in numbers]}
