"""Messages of page views and events, as the worker takes them out of their queue."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple


class Message(NamedTuple):
    """A message: `part` is as `schemas.analytics.AnalyticsPart` declares it.

    `accepted_at` is in seconds since the epoch; `reason` says why it is not to be counted, where that is known already.
    """

    id: str
    accepted_at: float
    correlation_id: str
    part: dict[str, Any]
    reason: str = ""


def message_of(document: dict[str, Any]) -> Message:
    """Return the message in a valid `AnalyticsMessage`.

    Raises
    ------
    ValueError
        When a day or a time in it is none.
    """
    date.fromisoformat(document["data"]["day"])
    moment = datetime.fromisoformat(document["occurred_at"])
    accepted_at = moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    return Message(document["id"], accepted_at, document["correlation_id"], document["data"])
