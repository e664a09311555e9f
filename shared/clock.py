"""Timestamps as the API and the table write them: RFC 3339, UTC, milliseconds."""

import time


def timestamp(seconds: float | None = None) -> str:
    """Return `seconds` since the epoch, or this moment, as `2026-01-31T12:00:00.000Z`."""
    moment = time.time() if seconds is None else seconds
    whole = int(moment)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(whole))}.{int((moment - whole) * 1000):03d}Z"
