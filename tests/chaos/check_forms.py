"""Contact forms: each is stored once, and each mail is sent, more than once only where the ledger tells of it."""

from collections.abc import Iterator
from typing import NamedTuple

from shared.table import keys
from tests.chaos.forms import SPAM
from tests.chaos.ingest import Sent
from tests.chaos.run import Run
from tests.chaos.table import Snapshot

_MARKS = {"notification": "Submission: {}", "autoresponse": "Reference: {}"}


class Mail(NamedTuple):
    """A mail that is due: how often it was sent, and how often the ledger says that it was tried."""

    name: str
    sent: int
    attempts: int


def wrongly_stored(run: Run, table: Snapshot) -> list[str]:
    """Return the forms that are not in the table as they were sent, in their first version."""
    return [sent.label for sent in _forms(run) if not _is_stored(sent, table)]


def _is_stored(sent: Sent, table: Snapshot) -> bool:
    item = table.item(keys.submission(sent.id))
    status = "spam" if sent.fate == SPAM else "new"
    if item is None:
        return False
    stored = item["version"], item["status"], item["submission"]["message"]
    return stored == (1, status, sent.body["message"])


def mails(run: Run, table: Snapshot) -> Iterator[Mail]:
    """Yield each mail that is due."""
    texts = [mail["BodyText"] for mail in run.site.mails("")]
    for sent in _forms(run):
        for channel, mark in _MARKS.items():
            entry = table.ledger(sent.id, f"notify_contact.{channel}")
            if sent.fate != SPAM:
                times = sum(mark.format(sent.id) in text for text in texts)
                yield Mail(f"{sent.label} {channel}", times, int(entry["attempts"]) if entry else 0)


def mailed_spam(run: Run) -> list[str]:
    """Return the spam of which mails were sent."""
    return [sent.label for sent in _forms(run) if sent.fate == SPAM and run.site.mails(sent.id)]


def _forms(run: Run) -> list[Sent]:
    return [sent for sent in run.sent if sent.capability == "contact"]
