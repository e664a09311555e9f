"""What an editor wrote of a project, in the form in which it travels and is stored."""

from typing import Any

from shared.clock import timestamp
from shared.problems import FieldError, InvalidRequestError, json_pointer

_MOMENTS = ("publish_at", "unpublish_at")
_DAYS = ("date", "end_date")


# In seconds: from the year 1000 to 9999. Text of other years has other lengths, and does not sort.
_FIRST, _LAST = -30_610_224_000, 253_402_300_799


def storable(content: dict[str, Any]) -> dict[str, Any]:
    """Return validated content with dates and times as text: times in UTC, so that they sort as they follow.

    Raises
    ------
    InvalidRequestError
        When a time is, in UTC, of a year before 1000 or after 9999.
    """
    moments = {name: content[name].timestamp() for name in _MOMENTS if content.get(name)}
    errors = tuple(
        FieldError(json_pointer(name), "Must be a time from the year 1000 to 9999.")
        for name, seconds in moments.items()
        if not _FIRST <= seconds <= _LAST
    )
    if errors:
        raise InvalidRequestError("The project names a time that can't be kept.", errors=errors)
    days = {name: content[name].isoformat() for name in _DAYS if content.get(name)}
    return {**content, **{name: timestamp(seconds) for name, seconds in moments.items()}, **days}


def contradictions(content: dict[str, Any]) -> list[FieldError]:
    """Return what can't be true at once in storable content or a patch of it.

    Times and days are compared as text; whatever is absent or removed comes before all others, or after (`~`).
    """
    errors = []
    if (content.get("publish_at") or "") >= (content.get("unpublish_at") or "~"):
        errors.append(FieldError("/unpublish_at", "Must be later than publish_at."))
    if (content.get("date") or "") > (content.get("end_date") or "~"):
        errors.append(FieldError("/end_date", "Must not be earlier than date."))
    return errors
