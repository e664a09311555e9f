"""The documents of rollups: bounded, whatever pages send."""

import json

from shared.analytics.counting import Document
from shared.analytics.dimensions import GROUP_OF, MOST_VALUES, OTHER

LARGEST_DOCUMENT = 150_000
"""Bytes from which on a document takes no further values: an item of the table holds 400 KB, a transaction 4 MB."""

_ENTRY_BYTES = 40
"""Of a value beside its name: quotes, and a vector of six numbers."""


def grouped(changes: Document) -> dict[str, Document]:
    """Return changes by the group whose rollup they belong to."""
    groups: dict[str, Document] = {}
    for dimension, values in changes.items():
        groups.setdefault(GROUP_OF[dimension], {})[dimension] = values
    return groups


def with_changes(text: str | None, changes: Document) -> str:
    """Return a document, as it is stored, with changes; None is one that is not there yet.

    A value that a full document does not know counts as `OTHER`.
    """
    document: Document = json.loads(text) if text else {}
    size = len(text.encode()) if text else 0
    for dimension, values in changes.items():
        known = document.setdefault(dimension, {})
        for value, vector in values.items():
            name = value
            before = known.get(name)
            if before is None:
                size += len(value.encode()) + _ENTRY_BYTES
                if value and (len(known) >= MOST_VALUES or size > LARGEST_DOCUMENT):
                    name = OTHER
                    before = known.get(name)
            known[name] = list(map(int.__add__, before, vector)) if before else vector
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
