"""Cursors: where a list goes on, in a form that tells callers nothing and that they can't make up by accident."""

import base64
import binascii


class InvalidCursorError(Exception):
    """Raised when a cursor was not given out by the list that it is used on."""


def encode_cursor(position: str) -> str:
    """Return the cursor of a position."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """Return the position of a cursor.

    Raises
    ------
    InvalidCursorError
        When it is not the encoding of any.
    """
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidCursorError(cursor) from None
