"""Timestamps as the API and the table write them: RFC 3339, UTC, milliseconds."""

import time


def timestamp(seconds: float | None = None) -> str:
    """Return `seconds` since the epoch, or this moment, as `2026-01-31T12:00:00.000Z`."""
    moment = time.time() if seconds is None else seconds
    # Rounded: a float just below a millisecond is that millisecond, so that what was read is written as it was.
    whole, milliseconds = divmod(round(moment * 1000), 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(whole))}.{milliseconds:03d}Z"
