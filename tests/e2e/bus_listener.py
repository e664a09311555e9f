"""Somebody who listens to what the bus says of projects, as a program beside Sitewire would."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from schemas.project_events import PROJECT_FACTS
from shared.ids import uuid7
from tests.e2e.conftest import Site, eventually
from tests.e2e.workers import receive


class Listener:
    """The facts that came through a rule and a queue of its own.

    Parameters
    ----------
    site
        The running stage.
    queue
        URL of the queue.
    """

    def __init__(self, site: Site, queue: str) -> None:
        self._site = site
        self._queue = queue
        self._heard: list[dict[str, Any]] = []

    def facts(self, operation_id: str) -> list[dict[str, Any]]:
        """Return the facts about an operation that came until now, each as often as it came, oldest first."""
        return [fact for fact in self.heard() if fact["data"]["operation_id"] == operation_id]

    def heard(self) -> list[dict[str, Any]]:
        """Return all facts that came until now, each as often as it came, oldest first."""
        while messages := receive(self._site, self._queue):
            self._heard += [json.loads(message["Body"])["detail"] for message in messages]
        return self._heard

    def await_facts(self, operation_id: str, count: int) -> list[dict[str, Any]]:
        """Return the facts about an operation once so many came."""
        return eventually(lambda: found if len(found := self.facts(operation_id)) >= count else None)


@contextmanager
def listening(site: Site) -> Iterator[Listener]:
    """Listen to the bus while the block runs."""
    name = f"listener-{uuid7()}"
    sqs, events = site.aws("sqs"), site.aws("events")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule = {"EventBusName": site.outputs["bus"], "Name": name}
    pattern = {"source": ["sitewire.projects"], "detail-type": list(PROJECT_FACTS)}
    events.put_rule(**rule, EventPattern=json.dumps(pattern))
    target = {"EventBusName": site.outputs["bus"], "Rule": name}
    events.put_targets(**target, Targets=[{"Id": "queue", "Arn": arn}])
    try:
        yield Listener(site, url)
    finally:
        events.remove_targets(**target, Ids=["queue"])
        events.delete_rule(**rule)
        sqs.delete_queue(QueueUrl=url)
