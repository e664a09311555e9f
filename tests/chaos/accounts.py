"""What became of each request that was accepted, by each consumer of its messages."""

import json
from collections import Counter
from collections.abc import Iterator

from tests.chaos.ingest import Sent
from tests.chaos.run import CONSUMERS, CREW, Run
from tests.chaos.table import Snapshot

DEAD = "dead letter"
UNACCOUNTED = "unaccounted"
_EFFECTS = ("notify_contact.notification", "notify_contact.autoresponse")


class Accounts:
    """The accounts of a run, as the table and the dead-letter queues are at this moment.

    Parameters
    ----------
    run
        The run.
    """

    def __init__(self, run: Run) -> None:
        self._table = Snapshot(run.site)
        self._parts: dict[str, set[str]] = {}
        for message in run.messages["aggregate_analytics"]:
            document = json.loads(message.body)
            self._parts.setdefault(document["data"]["batch"], set()).add(document["id"])
        self._dead = {
            (worker, message.label.partition("#")[0].rstrip("'"))
            for worker, queue in run.queues.items()
            for message in queue.dead
        }
        self.fates = {(sent.label, worker): self._fate(sent, worker) for sent, worker in _owed(run)}

    @property
    def table(self) -> Snapshot:
        """Return the table as it was read."""
        return self._table

    def counts(self, capability: str | None = None) -> Counter[str]:
        """Return how often what became of a request, of one capability or all."""
        workers = CONSUMERS[capability] if capability else CREW
        return Counter(fate for (_, worker), fate in self.fates.items() if worker in workers)

    def unaccounted(self) -> list[tuple[str, str]]:
        """Return the requests, each with the consumer, of which nobody knows what became."""
        return [owed for owed, fate in self.fates.items() if fate == UNACCOUNTED]

    def _fate(self, sent: Sent, worker: str) -> str:
        if worker == "aggregate_analytics":
            known = self._fate_of_visit(sent)
        elif worker == "notify_contact":
            known = self._fate_of_mails(sent)
        else:
            known = self._outcome(sent.id, worker)
        return known or (DEAD if (worker, sent.label) in self._dead else UNACCOUNTED)

    def _fate_of_visit(self, sent: Sent) -> str:
        receipts = [self._table.receipt(part) for part in self._parts[sent.id]]
        known = [receipt for receipt in receipts if receipt]
        if not known or len(known) < known[0].parts:
            return ""
        (outcome,) = {receipt.outcome for receipt in known}
        return outcome

    def _fate_of_mails(self, sent: Sent) -> str:
        (outcome, *others) = {self._outcome(sent.id, effect) for effect in _EFFECTS}
        return "" if others else outcome.replace("claimed", "")

    def _outcome(self, message_id: str, consumer: str) -> str:
        entry = self._table.ledger(message_id, consumer)
        return str(entry["outcome"]) if entry else ""


def _owed(run: Run) -> Iterator[tuple[Sent, str]]:
    return ((sent, worker) for sent in run.sent for worker in CONSUMERS[sent.capability])
