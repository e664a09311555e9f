"""What the world is told of a change to a project."""

from typing import Any

from shared.ids import derived_id
from shared.projects.project import Project, Purged
from shared.publishing import Message

_SOURCE = "sitewire.projects"


def facts_of(
    before: Project | None, after: Project | Purged, *, operation_id: str, occurred_at: str, correlation_id: str
) -> list[Message]:
    """Return the facts that follow from a change; the same change gives facts of the same ids."""
    last = before if isinstance(after, Purged) else after
    assert last is not None  # noqa: S101  only what there was is purged
    data = {
        "project_id": last.id,
        "operation_id": operation_id,
        "slug": last.document["slug"],
        "locale": last.document["locale"],
        "status": last.document["status"],
        "version": last.version,
    }
    return [
        _fact(name, operation_id=operation_id, occurred_at=occurred_at, correlation_id=correlation_id, data=data)
        for name in _names(before, after)
    ]


def reordered(project_ids: list[str], *, operation_id: str, occurred_at: str, correlation_id: str) -> Message:
    """Return the fact that projects have new positions."""
    data = {"project_ids": project_ids, "operation_id": operation_id}
    name = "ProjectsReordered"
    return _fact(name, operation_id=operation_id, occurred_at=occurred_at, correlation_id=correlation_id, data=data)


def _names(before: Project | None, after: Project | Purged) -> list[str]:
    if isinstance(after, Purged):
        return ["ProjectPurged"]
    if before is None:
        names = ["ProjectCreated"]
    elif before.is_trashed != after.is_trashed:
        names = ["ProjectDeleted" if after.is_trashed else "ProjectRestored"]
    else:
        names = ["ProjectUpdated"]
    was_public = before is not None and before.is_public
    if was_public != after.is_public:
        names.append("ProjectPublished" if after.is_public else "ProjectUnpublished")
    return names


def _fact(name: str, *, operation_id: str, occurred_at: str, correlation_id: str, data: dict[str, Any]) -> Message:
    identity = derived_id(operation_id.encode(), name.encode())
    return Message(identity, _SOURCE, name, occurred_at, correlation_id, data)
