"""Queues with the settings that every queue has."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledged import acknowledge
from infra.retention import DEAD_LETTER_DAYS, QUEUE_DAYS

MAX_RECEIVES = 5
"""Deliveries before a message moves to the dead-letter queue: throttles use some up, so not fewer."""


def dead_letter_queue(scope: Construct, id_: str, *, name: str) -> sqs.Queue:
    """Return a queue for what could not be processed or delivered."""
    queue = sqs.Queue(
        scope, id_, queue_name=name, retention_period=Duration.days(DEAD_LETTER_DAYS), enforce_ssl=True,
        encryption=sqs.QueueEncryption.SQS_MANAGED, removal_policy=RemovalPolicy.DESTROY,
    )  # fmt: skip
    acknowledge(queue, {"Serverless-SQSRedrivePolicy": "it is a dead-letter queue itself"})
    return queue


def work_queue(scope: Construct, id_: str, *, name: str, timeout: int, dead_letters: sqs.Queue) -> sqs.Queue:
    """Return a worker's queue.

    Its visibility timeout is six times the function's `timeout` in seconds, as AWS advises: a batch that is throttled
    and tried again is not delivered to somebody else meanwhile.
    """
    return sqs.Queue(
        scope, id_, queue_name=name, retention_period=Duration.days(QUEUE_DAYS), enforce_ssl=True,
        encryption=sqs.QueueEncryption.SQS_MANAGED, removal_policy=RemovalPolicy.DESTROY,
        visibility_timeout=Duration.seconds(6 * timeout),
        dead_letter_queue=sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=MAX_RECEIVES),
    )  # fmt: skip
