"""Which dead letters are meant: a filter, a span of time, ids."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError, JMESPathTypeError

from cli.dead_letters.errors import SelectionError
from cli.dead_letters.messages import DeadLetter

_AGO = re.compile(r"(\d{1,6})([smhd])")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Selection:
    """The messages that are meant; without any condition all are.

    Parameters
    ----------
    expression
        JMESPath over `DeadLetter.document()`; a message is meant when the result is true as JMESPath sees it.
    since, until
        Seconds since the epoch: sent at or after the one, before the other.
    ids
        Ids of events, or of SQS messages.

    Raises
    ------
    SelectionError
        When the expression is not JMESPath.
    """

    def __init__(
        self,
        *,
        expression: str | None = None,
        since: float | None = None,
        until: float | None = None,
        ids: Sequence[str] = (),
    ) -> None:
        self._matches = _compiled(expression) if expression is not None else None
        self._since = since
        self._until = until
        self._ids = frozenset(ids)
        self._missing = set(ids)
        self.is_everything = self._matches is None and since is None and until is None and not ids

    @property
    def missing(self) -> list[str]:
        """Return the ids that no message had."""
        return sorted(self._missing)

    def __contains__(self, message: DeadLetter) -> bool:
        """Tell whether a message is meant."""
        mine = {message.message_id, message.event_id} & self._ids
        self._missing -= mine
        if self._ids and not mine:
            return False
        if self._since is not None and message.sent_at < self._since:
            return False
        if self._until is not None and message.sent_at >= self._until:
            return False
        return self._matches is None or _is_true(_search(self._matches, message.document()))


def parse_time(text: str, *, now: float) -> float:
    """Return a time, in seconds since the epoch, given as RFC 3339 or as an age such as 90m, 2h or 3d.

    Raises
    ------
    SelectionError
        When it is neither.
    """
    if ago := _AGO.fullmatch(text):
        return now - int(ago[1]) * _UNIT_SECONDS[ago[2]]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no time: give one like 2026-11-23T14:00:00Z, or an age like 90m, 2h or 3d"
        raise SelectionError(message) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _compiled(expression: str) -> Any:  # noqa: ANN401  jmespath has no types
    try:
        compiled = jmespath.compile(expression)
    except JMESPathError as error:
        raise _not_jmespath(error) from None
    # An unknown function is told of only when it is called.
    _search(compiled, {})
    return compiled


def _search(compiled: Any, document: dict[str, Any]) -> object:  # noqa: ANN401
    try:
        found: object = compiled.search(document)
    except JMESPathTypeError:
        # A function that is given a field that this message lacks: then the message is not meant.
        return None
    except JMESPathError as error:
        raise _not_jmespath(error) from None
    return found


def _not_jmespath(error: JMESPathError) -> SelectionError:
    return SelectionError(f"the filter is not JMESPath: {str(error).splitlines()[0]}")


def _is_true(value: object) -> bool:
    """Tell what is true to JMESPath, to which 0 is."""
    return value is not None and value is not False and value not in ("", [], {})
