"""What a caller prefers of an answer (RFC 7240)."""

import re

from shared.http.request import Request

LONGEST_WAIT = 5
"""Seconds that a request waits for its outcome at most."""

_WAIT = re.compile(r"(?:^|,)\s*wait\s*=\s*\"?([0-9]{1,9})\"?\s*(?:[;,]|$)", re.IGNORECASE)


def preferred_wait(request: Request) -> int:
    """Return how many seconds the caller would wait for the outcome; 0 without `Prefer: wait`.

    A preference that can't be read is none (RFC 7240, section 2).
    """
    found = _WAIT.search(request.headers.get("prefer", ""))
    return min(int(found[1]), LONGEST_WAIT) if found else 0
