"""Fill queues with dead letters of both kinds, read them empty, and replay."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cli.dead_letters.queues import DeadLetterQueue, Depth, StageQueues
from cli.dead_letters.replay import Options, Replay, Report
from cli.dead_letters.selection import Selection

STAGE = "local"
STORE = "store_contact"
ARN = "arn:aws:sqs:eu-central-1:123456789012:sitewire-local-store-contact"

Message = dict[str, Any]


def event(number: int, name: str = "ContactSubmitted") -> str:
    """Return an event as EventBridge puts it into a queue."""
    detail = {"id": f"event-{number}", "name": name, "correlation_id": f"trace-{number}", "data": {"number": number}}
    return json.dumps({"version": "0", "detail-type": name, "source": "sitewire.contact", "detail": detail})


def visit(number: int) -> str:
    """Return page views as the ingest function puts them into their queue, without a bus."""
    return json.dumps(
        {"id": f"batch-{number}", "name": "RecordAnalytics", "correlation_id": f"trace-{number}", "data": {"site": "x"}}
    )


def pixel(id_: str) -> str:
    """Return a page view as API Gateway puts it into the queue."""
    return json.dumps({"pixel": {"id": id_, "url": "https://example.org/"}})


def undelivered(target: str = ARN) -> dict[str, Message]:
    """Return the attributes that EventBridge gives to what it could not deliver."""
    texts = {
        "RULE_ARN": "arn:aws:events:eu-central-1:123456789012:rule/sitewire-local/store",
        "TARGET_ARN": target,
        "ERROR_CODE": "NO_PERMISSIONS",
        "ERROR_MESSAGE": "Access denied",
        "EXHAUSTED_RETRY_CONDITION": "MaximumEventAgeInSeconds",
    }
    return {name: {"DataType": "String", "StringValue": text} for name, text in texts.items()}


class Desk:
    """A stage's queues."""

    def __init__(self, sqs: Any, queues: StageQueues) -> None:
        self.sqs = sqs
        self.queues = queues

    def queue(self, name: str = STORE) -> DeadLetterQueue:
        return self.queues.dead_letter_queue(name)

    def put(self, body: str, attributes: dict[str, Message] | None = None, name: str = STORE) -> str:
        """Put a message into a dead-letter queue and return SQS's id of it."""
        sent = self.sqs.send_message(
            QueueUrl=self.queue(name).url, MessageBody=body, MessageAttributes=attributes or {}
        )
        return str(sent["MessageId"])

    def fill(self, count: int) -> None:
        for number in range(count):
            self.put(event(number))

    def replay(self, name: str = STORE, *, selection: Selection | None = None, **options: Any) -> Report:
        return self.run(name, selection or Selection(), Options(**options))

    def run(self, name: str, selection: Selection, options: Options, **clock: Any) -> Report:
        run = Replay(self.sqs, self.queues, self.queue(name), selection=selection, options=options, **clock)
        return run.run(self.depth(name), lambda _: None)

    def depth(self, name: str = STORE) -> Depth:
        return self.queues.depth(self.queue(name))

    def read(self, url: str) -> list[Message]:
        """Receive and delete everything that is visible."""
        found: list[Message] = []
        while messages := self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
        ).get("Messages"):
            for message in messages:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found += messages
        return found

    def delivered(self, worker: str = STORE) -> list[Message]:
        """Take what lies in a worker's queue."""
        return self.read(self.queues.work_queue(worker))

    def left(self, name: str = STORE) -> list[Message]:
        """Take what is visible in a dead-letter queue."""
        return self.read(self.queue(name).url)

    @contextmanager
    def instead(self, operation: str, replacement: Callable[..., Any]) -> Iterator[None]:
        """Let an operation of SQS do something else, which is given the real one first."""
        real = getattr(self.sqs, operation)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.sqs, operation, lambda **request: replacement(real, **request))
            yield


def numbers(messages: list[Message]) -> list[int]:
    """Return the numbers of events, in order."""
    return sorted(json.loads(message["Body"])["detail"]["data"]["number"] for message in messages)
