"""A worker: a queue, its dead-letter queue, and the function that consumes it; most have a rule that fills it."""

from typing import NamedTuple

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import catalogue
from infra.constructs.acknowledged import acknowledge
from infra.constructs.bus import Bus
from infra.constructs.function import Function, Grant, Surroundings
from infra.constructs.queue import dead_letter_queue, work_queue
from infra.names import Names
from shared.settings import Settings

# What Lambda's poller does with the function's role, and no more.
_CONSUME = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


class Batches(NamedTuple):
    """What a worker is handed at once, and how many of it run side by side.

    Parameters
    ----------
    size
        Messages of a batch, at most.
    window
        Seconds that are waited for a batch to become full; 0 takes what is there. More than ten messages need one.
    concurrency
        Batches that are processed at the same time, at most.
    """

    size: int = 10
    window: int = 0
    concurrency: int = 5


class QueueWorker(Construct):
    """Worker that is fed by whoever may send to its queue: slow or broken, it harms no other.

    Parameters
    ----------
    name
        Short name of its function.
    batches
        How it is handed messages.
    settings, grants, surroundings
        As of `Function`.
    """

    def __init__(
        self, scope: Construct, name: str, *, settings: Settings, grants: tuple[Grant, ...],
        surroundings: Surroundings, batches: Batches,
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
            batch_size=batches.size,
            max_batching_window=Duration.seconds(batches.window) if batches.window else None,
            max_concurrency=batches.concurrency,
            report_batch_item_failures=True,
        )
        acknowledge(
            source,
            {"Serverless-LambdaEventSourceMappingDestination": "failures go where the queue's redrive says"},
        )


class Worker(QueueWorker):
    """Worker of certain events, which a rule of the bus delivers.

    Parameters
    ----------
    event_names
        The events it consumes.
    bus
        Where they come from.
    name, settings, grants, surroundings
        As of `QueueWorker`.
    """

    def __init__(
        self, scope: Construct, name: str, *, event_names: tuple[str, ...], bus: Bus, settings: Settings,
        grants: tuple[Grant, ...], surroundings: Surroundings,
    ) -> None:  # fmt: skip
        super().__init__(
            scope, name, settings=settings, grants=grants, surroundings=surroundings, batches=Batches()
        )  # fmt: skip
        bus.deliver(f"{name}_rule", event_names=event_names, queue=self.queue)
