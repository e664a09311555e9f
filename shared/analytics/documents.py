"""The documents of rollups: bounded, whatever pages send, and compressed, since DynamoDB charges for size."""

import zlib
from collections.abc import Callable
from typing import NamedTuple

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


class _Shape(NamedTuple):
    """What becomes of the vectors of a change: added to one that is known, or as a first one."""

    added: Callable[[Vector, Vector], Vector]
    first: Callable[[Vector], Vector]


def _shapes(place: int) -> dict[int, _Shape]:
    """Return shapes by the length of a change's vectors, whose visitors are so many places before the end.

    Sums are spelled out: they are twice as fast as a loop.
    """
    of_one = _Shape(lambda a, b: [a[0] + b[0]], list)
    of_two = _Shape(lambda a, b: [a[0] + b[0], a[1] + b[-place]], lambda b: [b[0], b[-place]])
    of_six = _Shape(
        lambda a, b: [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[-place]],
        lambda b: [*b[:5], b[-place]],
    )
    return {1: of_one, 3: of_two, 7: of_six}


_OF_HOUR, _OF_DAY = _shapes(2), _shapes(1)


def grouped(changes: Document) -> dict[str, Document]:
    """Return changes by the group whose rollup they belong to."""
    groups: dict[str, Document] = {}
    for dimension, values in changes.items():
        if values:
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

    def add(self, changes: Document, *, of_day: bool) -> None:
        """Add changes, whose vectors with visitors end with those of the hour and those of the day: one of the two.

        A value that a full document does not know counts as `OTHER`.
        """
        shapes = _OF_DAY if of_day else _OF_HOUR
        for dimension, values in changes.items():
            known = self.document.setdefault(dimension, {})
            added, first = shapes[len(next(iter(values.values())))]
            for value, vector in values.items():
                before = known.get(value)
                if before is not None:
                    known[value] = added(before, vector)
                elif any(new := first(vector)):
                    self._size += len(value) + _ENTRY_BYTES
                    if value and (len(known) >= MOST_VALUES or self._size > LARGEST_DOCUMENT):
                        other = known.get(OTHER)
                        known[OTHER] = added(other, vector) if other else new
                    else:
                        known[value] = new

    def to_bytes(self) -> bytes:
        """Return the document as the table holds it."""
        return zlib.compress(to_json(self.document), _LEVEL)
