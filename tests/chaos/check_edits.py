"""Projects: each is what its applied changes make of it one after the other, and the world was told of each."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from shared.ids import derived_id
from shared.table import keys
from tests.chaos.edits import CREATE, DELETE, PATCH, RESTORE
from tests.chaos.ingest import Sent
from tests.chaos.run import Run
from tests.chaos.table import Snapshot

_DELIVERIES_TO_WAIT = 3
_FACTS = {CREATE: "ProjectCreated", PATCH: "ProjectUpdated", DELETE: "ProjectDeleted", RESTORE: "ProjectRestored"}


class Expected(NamedTuple):
    """What a project must be, and the ids of the facts that must have been published of it."""

    state: dict[str, Any]
    facts: set[str]


def projects(run: Run) -> dict[str, list[Sent]]:
    """Return the changes of each project by its id, its creation first."""
    found: dict[str, list[Sent]] = {}
    for sent in run.sent:
        if sent.capability == "projects":
            found.setdefault(sent.project.id if sent.project else sent.id, []).append(sent)
    return found


def expected(changes: list[Sent], table: Snapshot) -> Expected:
    """Return what the changes that the ledger has as applied come to.

    Raises
    ------
    AssertionError
        When they can't be brought into an order in which each is made for the version before it.
    """
    state: dict[str, Any] = {}
    facts: set[str] = set()
    applied = sorted((sent for sent in changes if _outcome(sent, table) == "applied"), key=_version)
    for place, sent in enumerate(applied):
        assert _version(sent) == place, f"{sent.label} was applied to another version"
        was_public = _is_public(state)
        action = sent.label.rpartition(".")[2]
        _apply(state, action, sent.body)
        names = [_FACTS[action]]
        if was_public != _is_public(state):
            names.append("ProjectUnpublished" if was_public else "ProjectPublished")
        facts |= {derived_id(sent.id.encode(), name.encode()) for name in names}
    return Expected({**state, "version": len(applied)} if applied else {}, facts)


def stored(project_id: str, table: Snapshot) -> dict[str, Any]:
    """Return what the table has of a project, as far as changes tell of it."""
    item = table.item(keys.project(project_id))
    if item is None:
        return {}
    document = json.loads(item["document"])
    return {
        "client": document["client"],
        "status": document["status"],
        "trashed": "deleted_at" in document,
        "version": document["version"],
    }


def unfounded(changes: list[Sent], run: Run, table: Snapshot) -> Iterator[str]:
    """Yield the changes that were rejected although their version was nobody else's, and they did not come too early.

    Whoever came too early has been delivered as often as the worker waits for the change before it.
    """
    taken = {_version(sent) for sent in changes if _outcome(sent, table) == "applied"}
    receives = run.queues["apply_project"].receives
    for sent in changes:
        early = _version(sent) >= len(taken) and receives[sent.label] >= _DELIVERIES_TO_WAIT
        if _outcome(sent, table) == "rejected" and _version(sent) not in taken and not early:
            yield sent.label


def _apply(state: dict[str, Any], action: str, body: Any) -> None:
    if action == CREATE:
        state.update(client=body["client"], status="draft", trashed=False)
    elif action == PATCH:
        state.update(body)
    else:
        state["trashed"] = action == DELETE


def _is_public(state: dict[str, Any]) -> bool:
    return state.get("status") == "published" and not state["trashed"]


def _version(sent: Sent) -> int:
    """Return the version that a change was made for; 0 of a creation."""
    return int(sent.headers.get("If-Match", '"0-').partition("-")[0][1:])


def _outcome(sent: Sent, table: Snapshot) -> str:
    entry = table.ledger(sent.id, "apply_project")
    return str(entry["outcome"]) if entry else ""
