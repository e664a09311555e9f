"""Identities of messages: UUIDv7 (RFC 9562) by time, UUIDv5 where a retried request must be the same message.

The standard library gains `uuid7` with Python 3.14, and its `uuid` module costs a cold start more than these lines.
"""

import hashlib
import os
import re
import time

from schemas.identities import RECORD_ID

# The namespace of ids derived from an Idempotency-Key; any fixed UUID serves (RFC 9562, section 6.6).
_NAMESPACE = bytes.fromhex("6f0e9dc0a3c65d0c9c0b7f8e4a1d2b3c")
_WELL_FORMED = re.compile(RECORD_ID)


def uuid7() -> str:
    """Return a new id that sorts by its time of creation, in milliseconds."""
    return _format(time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10)), version=7)


def derived_id(*parts: bytes) -> str:
    """Return the id that belongs to `parts`: the same parts give the same id, on any machine, at any time."""
    # Each part carries its length, so that no two lists of parts run together into the same bytes.
    message = _NAMESPACE + b"".join(len(part).to_bytes(4) + part for part in parts)
    digest = hashlib.sha1(message, usedforsecurity=False).digest()
    return _format(int.from_bytes(digest[:16]), version=5)


def is_well_formed(message_id: str) -> bool:
    """Tell whether `message_id` could have been given out by this module."""
    return _WELL_FORMED.fullmatch(message_id) is not None


def _format(number: int, *, version: int) -> str:
    number = number & ~(0xF << 76) & ~(0x3 << 62) | version << 76 | 0x2 << 62
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
