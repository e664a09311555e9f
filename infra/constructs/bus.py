"""The event bus."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledged import acknowledge
from infra.constructs.queue import dead_letter_queue
from infra.retention import ARCHIVE_DAYS

_EVERY_SOURCE = "sitewire."
_RETRY_HOURS = 24
_RETRIES = 185


class Bus(Construct):
    """Custom bus with an archive, and a queue for what its rules could not deliver."""

    def __init__(self, scope: Construct, id_: str, *, name: str, undelivered_queue_name: str) -> None:
        super().__init__(scope, id_)
        self.bus = events.EventBus(self, "Bus", event_bus_name=name)
        self.name = self.bus.event_bus_name
        self.arn = self.bus.event_bus_arn
        self.bus.archive(
            "Archive",
            archive_name=name,
            description="Every event, to replay after a fault in a consumer",
            event_pattern=events.EventPattern(source=events.Match.prefix(_EVERY_SOURCE)),
            retention=Duration.days(ARCHIVE_DAYS),
        )
        self.undelivered = dead_letter_queue(self, "Undelivered", name=undelivered_queue_name)
        acknowledge(self.undelivered, {"AwsSolutions-SQS3": "it is the rules' dead-letter queue itself"})

    def deliver(self, id_: str, *, event_names: tuple[str, ...], queue: sqs.IQueue) -> None:
        """Send every event of certain names to a queue: for a day EventBridge tries again, then it keeps the event."""
        events.Rule(
            self,
            id_,
            event_bus=self.bus,
            event_pattern=events.EventPattern(source=events.Match.prefix(_EVERY_SOURCE), detail_type=list(event_names)),
            targets=[
                targets.SqsQueue(
                    queue,
                    dead_letter_queue=self.undelivered,
                    max_event_age=Duration.hours(_RETRY_HOURS),
                    retry_attempts=_RETRIES,
                )
            ],
        )
