"""What an editor wrote of a project, in the form in which it travels and is stored."""

from typing import Any

from shared.clock import timestamp
from shared.problems import FieldError

_MOMENTS = ("publish_at", "unpublish_at")
_DAYS = ("date", "end_date")


def storable(content: dict[str, Any]) -> dict[str, Any]:
    """Return validated content with dates and times as text: times in UTC, so that they sort as they follow."""
    values = {name: timestamp(content[name].timestamp()) for name in _MOMENTS if content.get(name)}
    values |= {name: content[name].isoformat() for name in _DAYS if content.get(name)}
    return {**content, **values}


def contradictions(content: dict[str, Any]) -> list[FieldError]:
    """Return what can't be true at once in storable content; times and days are compared as text, before `~`."""
    errors = []
    if content.get("publish_at", "") >= content.get("unpublish_at", "~"):
        errors.append(FieldError("/unpublish_at", "Must be later than publish_at."))
    if content.get("date", "") > content.get("end_date", "~"):
        errors.append(FieldError("/end_date", "Must not be earlier than date."))
    return errors
