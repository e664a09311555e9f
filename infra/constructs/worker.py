"""A worker: a queue, its dead-letter queue, the function that consumes it, and the rule that fills it."""

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import catalogue
from infra.constructs.acknowledged import acknowledge
from infra.constructs.bus import Bus
from infra.constructs.function import Function, Grant, Surroundings
from infra.constructs.queue import dead_letter_queue, work_queue
from infra.names import Names
from shared.settings import Settings

_BATCH_SIZE = 10
_MAX_CONCURRENCY = 5

# What Lambda's poller does with the function's role, and no more.
_CONSUME = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


class Worker(Construct):
    """Worker of certain events: slow or broken, it harms no other.

    Parameters
    ----------
    name
        Short name of its function.
    event_names
        The events it consumes.
    bus
        Where they come from.
    settings, grants, surroundings
        As of `Function`.
    """

    def __init__(
        self, scope: Construct, name: str, *, event_names: tuple[str, ...], bus: Bus, settings: Settings,
        grants: tuple[Grant, ...], surroundings: Surroundings,
    ) -> None:  # fmt: skip
        super().__init__(scope, f"{name}_worker")
        names = Names(surroundings.stage.name)
        self.dead_letters = dead_letter_queue(self, "DeadLetters", name=names.dead_letter_queue(name))
        self.queue = work_queue(
            self, "Queue", name=names.queue(name), timeout=catalogue.function(name).timeout,
            dead_letters=self.dead_letters,
        )  # fmt: skip
        consume = Grant(_CONSUME, (self.queue.queue_arn,))
        self.function = Function(self, name, settings=settings, grants=(consume, *grants), surroundings=surroundings)
        source = lambda_.EventSourceMapping(
            self,
            "Source",
            target=self.function.alias,
            event_source_arn=self.queue.queue_arn,
            batch_size=_BATCH_SIZE,
            max_concurrency=_MAX_CONCURRENCY,
            report_batch_item_failures=True,
        )
        acknowledge(
            source,
            {"Serverless-LambdaEventSourceMappingDestination": "failures go where the queue's redrive says"},
        )
        bus.deliver(f"{name}_rule", event_names=event_names, queue=self.queue)
