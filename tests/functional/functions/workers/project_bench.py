"""The worker of projects on a bench: commands go in, and the table, the ledger and the bus are looked at."""

import json
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from shared.aws.errors import AwsUnreachableError
from shared.publishing import EventBus
from shared.table.items import from_item
from shared.table.projects import ProjectTable
from tests.functional.conftest import TABLE
from tests.functional.tables import create_table, one_at_a_time
from tests.unit import events
from tests.unit.shared.buses import MemoryBus
from tests.unit.shared.consumers import Context
from tests.unit.shared.projects.desk import read

if TYPE_CHECKING:
    from shared.consumer import Outcome
    from shared.projects.project import Project, Purged

Item = dict[str, Any]


class UnsteadyBus(MemoryBus):
    """A bus that can fail, before it takes events or after it took them."""

    def __init__(self) -> None:
        super().__init__(lambda _number, _entry: "InternalFailure" if self.refuses else None)
        self.refuses = False
        self.loses_replies = False

    def call(self, operation: str, request: Item) -> Item:
        """Take the entries of a PutEvents call, unless told otherwise."""
        answer = super().call(operation, request)
        if self.loses_replies:
            raise AwsUnreachableError
        return answer


class ProjectBench:
    """A worker whose bus is in memory, and which waits for nothing.

    Parameters
    ----------
    worker
        The module of the function.
    """

    def __init__(self, worker: ModuleType) -> None:
        self.worker: Any = worker
        self.dynamodb = one_at_a_time(worker.dynamodb)
        worker.ledger._sleep = lambda _seconds: None
        self.projects = ProjectTable(self.dynamodb, TABLE)
        self._connect()

    def reset(self) -> None:
        """Begin anew: with an empty table, and a bus that took nothing."""
        self.dynamodb.delete_table(TableName=TABLE)
        create_table(self.dynamodb, TABLE)
        self.worker.known_locales.clear()
        self._connect()

    def deliver(self, *details: Item, receive_count: int = 1) -> list[str]:
        """Deliver a batch and return the ids of the commands that stay in the queue, where they have the same ids."""
        if not details:
            return []
        batch = events.sqs_event(map(events.delivered, details), receive_count=receive_count)
        for record, detail in zip(batch["Records"], details, strict=True):
            record["messageId"] = detail["id"]
        answer = self.worker.handler(batch, Context())
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def apply(self, detail: Item) -> "Outcome":
        """Apply a command as another worker would, and return the outcome."""
        outcome: Outcome = self.worker.apply(read(detail))
        return outcome

    def before_transaction(self, happens: Callable[[], object]) -> None:
        """Let something happen between what the next delivery reads and what it writes."""
        event = "before-call.dynamodb.TransactWriteItems"

        def meanwhile(**_: object) -> None:
            self.dynamodb.meta.events.unregister(event, meanwhile)
            happens()

        self.dynamodb.meta.events.register(event, meanwhile)

    def get(self, project_id: str) -> "Project | Purged | None":
        """Return a project as it is stored."""
        return self.projects.get(project_id)

    def version(self, project_id: str) -> int | None:
        """Return a project's version as it is stored; None where there is no project."""
        item = self.items().get((f"PROJECT#{project_id}", "RECORD"), {})
        return int(json.loads(item["document"])["version"]) if "document" in item else None

    def document(self, project_id: str) -> Item:
        """Return a project's document as it is stored."""
        item = self.items()[f"PROJECT#{project_id}", "RECORD"]
        document: Item = json.loads(item["document"])
        return document

    def fate(self, detail: Item) -> str | None:
        """Return what the ledger tells of a command: `applied`, or `rejected` with the reason; None for nothing."""
        entry = self.items().get((f"LEDGER#{detail['id']}", "apply_project"))
        return fate_in(entry) if entry else None

    def fates(self) -> dict[str, str]:
        """Return what the ledger tells of each command, by its id."""
        return {place[0].removeprefix("LEDGER#"): fate_in(item) for place, item in self.ledger().items()}

    def ledger(self) -> dict[tuple[str, str], Item]:
        """Return the entries of the ledger by their keys."""
        return {place: item for place, item in self.items().items() if place[0].startswith("LEDGER#")}

    def items(self) -> dict[tuple[str, str], Item]:
        """Return everything in the table by its keys."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=TABLE)
        found = [from_item(item) for page in pages for item in page["Items"]]
        return {(item["PK"], item["SK"]): item for item in found}

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return each fact that was published: its name and the id of the command that it follows from."""
        return [(detail["name"], detail["data"]["operation_id"]) for detail in self.bus.details]

    def _connect(self) -> None:
        self.bus = UnsteadyBus()
        self.worker.bus = EventBus(self.bus, "sitewire-local", sleep=lambda _seconds: None)


def fate_in(entry: Item) -> str:
    """Return what an entry of the ledger tells."""
    return ": ".join(filter(None, (entry["outcome"], entry.get("reason"))))
