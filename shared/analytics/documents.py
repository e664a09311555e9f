"""The documents of rollups: bounded, whatever pages send, and compressed, since DynamoDB charges for size."""

import zlib
from collections.abc import Callable

from shared.analytics.dimensions import GROUP_OF, MOST_VALUES, OTHER, Document
from shared.codec import from_json, to_json

LARGEST_DOCUMENT = 150_000
"""Bytes, not compressed, from which on a document takes no further values.

An item of the table holds 400 KB, a transaction 4 MB, and what is made up may not compress at all.
"""

_LEVEL = 1
"""Of zlib's compression: it is three times as fast as the usual one here, and as good within a tenth."""

_ENTRY_BYTES = 40
"""Of a value beside its name: quotes, and a vector of six numbers."""


Vector = list[int]

_SUMS: dict[int, Callable[[Vector, Vector], Vector]] = {
    1: lambda a, b: [a[0] + b[0]],
    2: lambda a, b: [a[0] + b[0], a[1] + b[1]],
    6: lambda a, b: [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5]],
}
"""Sums of vectors by their lengths: twice as fast as a loop."""


def grouped(changes: Document) -> dict[str, Document]:
    """Return changes by the group whose rollup they belong to."""
    groups: dict[str, Document] = {}
    for dimension, values in changes.items():
        groups.setdefault(GROUP_OF[dimension], {})[dimension] = values
    return groups


def read_document(data: bytes) -> Document:
    """Return the document that a rollup holds as `doc`."""
    document: Document = from_json(zlib.decompress(data))
    return document


class Rollup:
    """A rollup as it is known: its revision, 0 where there is none yet, and its document.

    Parameters
    ----------
    revision
        The revision.
    data
        What it holds as `doc`.
    """

    def __init__(self, revision: int, data: bytes | None) -> None:
        self.revision = revision
        text = zlib.decompress(data) if data else b"{}"
        self.document: Document = from_json(text)
        self._size = len(text)

    def add(self, changes: Document) -> None:
        """Add changes; a value that a full document does not know counts as `OTHER`."""
        for dimension, values in changes.items():
            known = self.document.setdefault(dimension, {})
            sum_of = _SUMS[len(next(iter(values.values())))]
            for value, vector in values.items():
                before = known.get(value)
                if before is not None:
                    known[value] = sum_of(before, vector)
                    continue
                self._size += len(value) + _ENTRY_BYTES
                if value and (len(known) >= MOST_VALUES or self._size > LARGEST_DOCUMENT):
                    other = known.get(OTHER)
                    known[OTHER] = sum_of(other, vector) if other else vector
                else:
                    known[value] = vector

    def to_bytes(self) -> bytes:
        """Return the document as the table holds it."""
        return zlib.compress(to_json(self.document), _LEVEL)
