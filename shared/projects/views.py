"""What is shown of a project, and to whom."""

from typing import Any

from shared.problems import json_pointer
from shared.projects.project import CONTENT

_SYSTEM = ("id", "version", "created_at", "created_by", "updated_at", "updated_by", "published_at", "deleted_at")
_OF_EDITORS = frozenset({"created_by", "updated_by", "publish_at", "unpublish_at", "deleted_at"})
_NOT_LISTED = frozenset({"body", "images", "links", "custom", "seo"})

FIELDS = (*_SYSTEM, *CONTENT)
"""Every field of a project."""

LISTED = tuple(name for name in FIELDS if name not in _NOT_LISTED)
"""The fields that lists show: all but those that only one project's page needs."""


def shown(document: dict[str, Any], *, is_editor: bool, fields: frozenset[str] | None) -> dict[str, Any]:
    """Return a project's document with the fields that were asked for, of those that the caller may see."""
    hidden = frozenset() if is_editor else _OF_EDITORS
    return {
        name: value
        for name, value in document.items()
        if name not in hidden and (fields is None or name in fields or name == "id")
    }


def listed(document: dict[str, Any]) -> dict[str, Any]:
    """Return what lists know of a project."""
    return {name: value for name, value in document.items() if name not in _NOT_LISTED}


def differences(before: object, after: object, pointer: str = "") -> list[dict[str, Any]]:
    """Return what changed between two documents: `pointer`, and `before` and `after` where there was a value."""
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            change
            for name in sorted(before.keys() | after.keys())
            for change in differences(before.get(name), after.get(name), pointer + json_pointer(name))
        ]
    change = {"pointer": pointer, "before": before, "after": after}
    return [{name: value for name, value in change.items() if value is not None}]
