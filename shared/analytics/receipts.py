"""Receipts: what became of each message of page views and events.

The receipts of ids of the same four seconds lie together in a bucket, so that a batch writes few items. A bucket has
pages; all but the last are full.
"""

from typing import NamedTuple

import msgspec

PAGE_SIZE = 500
"""Receipts from which on a page is full: some 30 KB."""

MOST_PAGES = 20
"""Pages of a bucket: ten thousand messages in four seconds. Who makes up ids of one time must not make others' slow."""

COUNTED, BOT, EXCLUDED, TOO_OLD, FOREIGN, CROWDED = "counted", "bot", "excluded", "too old", "foreign", "crowded"
"""Outcomes; all but the first say why a message was dropped. `EXCLUDED` is an address that the stage does not count,
`FOREIGN` a page of no site of the stage, and `CROWDED` an id for whose receipt there is no room.
"""


class Receipt(NamedTuple):
    """What became of a message: when, in seconds since the epoch, and of how many parts, and which, its batch is."""

    outcome: str
    at: int
    parts: int
    events: int
    cut: str = ""


Page = dict[str, Receipt]
"""Receipts by `shared.table.keys.receipt_name`."""

_read = msgspec.json.Decoder(Page).decode


def read_page(text: str | None) -> Page:
    """Return a page as `write_page` wrote it; None is one that is not there yet."""
    return _read(text) if text else {}


def write_page(page: Page) -> str:
    """Return a page as the table keeps it."""
    return msgspec.json.encode(page).decode()


def is_full(page: Page) -> bool:
    """Tell whether further receipts lie on a further page, if there may be one."""
    return len(page) >= PAGE_SIZE


def goes_on(page: Page, number: int) -> bool:
    """Tell whether there may be a page after that of a number, counted from 0."""
    return is_full(page) and number + 1 < MOST_PAGES
