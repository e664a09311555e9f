"""Look at a stage: its queues and its stack are asked here, its figures where they are kept."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from cli.dead_letters.messages import moment
from cli.dead_letters.queues import StageQueues
from cli.health.state import Alarm, Deployment, Function, Queue, Status
from infra.catalogue import workers
from infra.names import Names

WINDOW_SECONDS = 900
"""How far back functions are looked at: three periods of their alarms."""


class Figures(Protocol):
    """Where figures are kept: CloudWatch, or here."""

    unknown: Mapping[str, str]
    """Why some are not to be had, by what they are."""

    def look(self, names: Names, since: float, until: float) -> tuple[dict[str, int], list[Function], list[Alarm]]:
        """Return the age of the oldest message by queue, what functions did, and the alarms that sound."""


def look(stage: str, client: Callable[..., Any], figures: Figures) -> Status:
    """Return how a stage is.

    Parameters
    ----------
    stage
        Its name.
    client
        Makes clients of AWS services.
    figures
        Where they are kept.
    """
    names, now = Names(stage), time.time()
    sqs = client("sqs")
    queues = StageQueues(sqs, stage)
    ages, functions, alarms = figures.look(names, now - WINDOW_SECONDS, now)

    def queue(name: str, queue_name: str, url: str) -> Queue:
        depth = queues.count(url)
        # A metric lags by minutes: what is empty has no age, whatever it says.
        return Queue(name, depth.visible, depth.hidden, ages.get(queue_name) if depth.total else None)

    return Status(
        stage,
        moment(now),
        WINDOW_SECONDS,
        [queue(worker.name, names.queue(worker.name), queues.work_queue(worker.name)) for worker in workers()],
        [queue(found.name, found.queue_name, found.url) for found in queues.dead_letter_queues()],
        functions,
        alarms,
        deployment(client("cloudformation"), names.stack),
        dict(figures.unknown),
    )


def deployment(cloudformation: Any, stack: str) -> Deployment:  # noqa: ANN401  boto3's clients
    """Return a stack's last deployment."""
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return Deployment(found["StackStatus"], moment(found.get("LastUpdatedTime", found["CreationTime"]).timestamp()))
