"""The dead-letter queues of a stage, and the queues to which their messages belong."""

import time
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from cli.dead_letters.errors import RefusedError, UnknownQueueError
from infra.catalogue import workers
from infra.names import Names

UNDELIVERED = "undelivered"
"""Name of the queue that holds what EventBridge could not deliver."""

_MISSING = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})


class DeadLetterQueue(NamedTuple):
    """A dead-letter queue.

    Parameters
    ----------
    name
        What commands call it: its worker's short name, or `undelivered`.
    queue_name, url
        What SQS calls it.
    source
        Name of the queue whose messages end here, or of the bus whose rules could not deliver.
    consumer
        Short name of the function that gave up on them, if it was one.
    log_group
        Where that function writes.
    """

    name: str
    queue_name: str
    url: str
    source: str
    consumer: str | None
    log_group: str | None


class Depth(NamedTuple):
    """How many messages a queue holds, as SQS estimates it: to be received, and received by somebody a moment ago."""

    visible: int
    hidden: int
    counted_at: float
    """When, by SQS's clock, in seconds since the epoch: what was sent before has an earlier time."""

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.visible + self.hidden


class StageQueues:
    """The queues of a stage.

    Parameters
    ----------
    client
        SQS client.
    stage
        The stage's name.
    """

    def __init__(self, client: Any, stage: str) -> None:  # noqa: ANN401  boto3's clients are made at run time
        self._client = client
        self._names = Names(stage)
        self._urls: dict[str, str] = {}

    def dead_letter_queues(self) -> list[DeadLetterQueue]:
        """Return every dead-letter queue. Raises RefusedError when one does not exist: the stage is older."""
        return [self.dead_letter_queue(name) for name in self._known()]

    def dead_letter_queue(self, name: str) -> DeadLetterQueue:
        """Return a dead-letter queue by its name, or by SQS's name of it. Raises UnknownQueueError."""
        names = self._names
        for short, queue_name in self._known().items():
            if name not in {short, short.replace("_", "-"), queue_name}:
                continue
            url = self._url(queue_name)
            if url is None:
                message = f"the queue {queue_name} is not deployed yet: deploy the stage"
                raise RefusedError(message)
            if short == UNDELIVERED:
                return DeadLetterQueue(short, queue_name, url, names.bus, None, None)
            return DeadLetterQueue(short, queue_name, url, names.queue(short), short, names.log_group(short))
        raise UnknownQueueError(name, self._known())

    def rules(self, events: Any, queue: DeadLetterQueue) -> list[str]:  # noqa: ANN401
        """Return the names of the rules that fill the source of a queue, or that could not deliver into it.

        Parameters
        ----------
        events
            EventBridge client.
        queue
            A dead-letter queue; visits come to theirs without a rule.
        """
        if queue.consumer is None:
            pages = events.get_paginator("list_rules").paginate(EventBusName=self._names.bus)
            # The archive's rule is EventBridge's own, and has no queue.
            return [rule["Name"] for page in pages for rule in page["Rules"] if not rule.get("ManagedBy")]
        url = self.work_queue(queue.source)
        arn = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        answer = events.list_rule_names_by_target(TargetArn=arn, EventBusName=self._names.bus)
        return list(answer["RuleNames"])

    def depth(self, queue: DeadLetterQueue) -> Depth:
        """Return how many messages a dead-letter queue holds."""
        return self.count(queue.url)

    def count(self, url: str) -> Depth:
        """Return how many messages the queue at a URL holds."""
        counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        answer = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=counts)
        visible, hidden = (int(answer["Attributes"][count]) for count in counts)
        return Depth(visible, hidden, _time_at_sqs(answer["ResponseMetadata"]["HTTPHeaders"]["date"], time.time()))

    def work_queue(self, name: str) -> str:
        """Return the URL of a worker's queue, or of any queue by SQS's name. Raises UnknownQueueError."""
        ours = {worker.name: self._names.queue(worker.name) for worker in workers()}
        url = self._url(ours.get(name.replace("-", "_"), name))
        if url is None:
            raise UnknownQueueError(name, ours)
        return url

    def target(self, arn: str) -> str | None:
        """Return the URL of the queue that a rule's target names, if it is a worker's of this stage."""
        queue_name = arn.rsplit(":", 1)[-1]
        ours = {self._names.queue(worker.name) for worker in workers()}
        return self._url(queue_name) if queue_name in ours else None

    def _known(self) -> dict[str, str]:
        """Return SQS's name of each dead-letter queue by ours."""
        known = {worker.name: self._names.dead_letter_queue(worker.name) for worker in workers()}
        return {**known, UNDELIVERED: self._names.undelivered_queue}

    def _url(self, queue_name: str) -> str | None:
        if queue_name not in self._urls:
            try:
                self._urls[queue_name] = self._client.get_queue_url(QueueName=queue_name)["QueueUrl"]
            except ClientError as error:
                if error.response["Error"]["Code"] in _MISSING:
                    return None
                raise
        return self._urls[queue_name]


def _time_at_sqs(date: str, here: float) -> float:
    """Return the time at SQS, which tells it in whole seconds: to the millisecond only where our clock agrees."""
    there = parsedate_to_datetime(date).timestamp()
    return here if there - 1 < here < there + 2 else there + 1
