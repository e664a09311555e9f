"""Read the functions' logs."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_POLL_SECONDS = 0.5
_BEFORE_ANY = 0


class LogEvent(NamedTuple):
    """A line that a function, or Lambda about it, wrote: short name, milliseconds since the epoch, text."""

    function: str
    milliseconds: int
    message: str


def read_logs(client: Any, groups: Mapping[str, str], *, since: int = _BEFORE_ANY) -> list[LogEvent]:  # noqa: ANN401
    """Return the lines of several functions in the order of their time.

    Parameters
    ----------
    client
        CloudWatch Logs client.
    groups
        Log group by function.
    since
        Milliseconds since the epoch before which lines are left out.
    """
    found = []
    for function, group in groups.items():
        pages = client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
        for page in pages:
            found += [LogEvent(function, event["timestamp"], event["message"]) for event in page["events"]]
    return sorted(found, key=lambda event: event.milliseconds)


def follow_logs(client: Any, groups: Mapping[str, str], *, since: int) -> Iterator[LogEvent | None]:  # noqa: ANN401
    """Yield lines as they are written, and None whenever there is none for the moment."""
    seen: set[LogEvent] = set()
    while True:
        events = read_logs(client, groups, since=since)
        new = [event for event in events if event not in seen]
        yield from new
        # Lines of the newest millisecond may still come, so it is read again, and known lines are left out.
        since = max((event.milliseconds for event in events), default=since)
        seen = {event for event in events if event.milliseconds >= since}
        if not new:
            yield None
            time.sleep(_POLL_SECONDS)
