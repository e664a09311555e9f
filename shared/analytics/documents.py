"""The documents of rollups: bounded, whatever pages send, and compressed, since DynamoDB charges for size."""

import msgspec
from isal import isal_zlib

from shared.analytics.dimensions import GROUP_OF, MOST_VALUES, OTHER, Document, Vector

LARGEST_DOCUMENT = 150_000
"""Bytes, not compressed, from which on a document takes no further values.

An item of the table holds 400 KB, a transaction 4 MB, and what is made up may not compress at all.
"""

_LEVEL = 1
"""Of compression: ISA-L writes at it what zlib does at its fastest, and as small, in a third of the time."""

_read = msgspec.json.Decoder(Document).decode

_ENTRY_BYTES = 40
"""Of a value beside its name: quotes, and a vector of six numbers."""


def _size_of(value: str) -> int:
    return len(value.encode()) + _ENTRY_BYTES


def _one(a: Vector, b: Vector) -> list[int]:
    return [a[0] + b[0]]


def _two_of_hour(a: Vector, b: Vector) -> list[int]:
    return [a[0] + b[0], a[1] + b[1]]


def _two_of_day(a: Vector, b: Vector) -> list[int]:
    return [a[0] + b[0], a[1] + b[2]]


def _six_of_hour(a: Vector, b: Vector) -> list[int]:
    a0, a1, a2, a3, a4, a5 = a
    b0, b1, b2, b3, b4, b5, _ = b
    return [a0 + b0, a1 + b1, a2 + b2, a3 + b3, a4 + b4, a5 + b5]


def _six_of_day(a: Vector, b: Vector) -> list[int]:
    a0, a1, a2, a3, a4, a5 = a
    b0, b1, b2, b3, b4, _, b5 = b
    return [a0 + b0, a1 + b1, a2 + b2, a3 + b3, a4 + b4, a5 + b5]


# A total that was stored before page views of nobody were told apart has six numbers.
def _total_of_hour(a: Vector, b: Vector) -> list[int]:
    return [*_six_of_hour(a[:6], b[:7]), sum(a[6:], b[7])]


def _total_of_day(a: Vector, b: Vector) -> list[int]:
    return [*_six_of_day(a[:6], b[:7]), sum(a[6:], b[7])]


# Spelled out, sums are twice as fast as by a loop. By the length of a change's vectors, with zeros to begin with.
_OF_HOUR = {1: (_one, (0,)), 3: (_two_of_hour, (0, 0)), 7: (_six_of_hour, (0,) * 6), 8: (_total_of_hour, (0,) * 7)}
_OF_DAY = {1: (_one, (0,)), 3: (_two_of_day, (0, 0)), 7: (_six_of_day, (0,) * 6), 8: (_total_of_day, (0,) * 7)}


def grouped(changes: Document) -> dict[str, Document]:
    """Return changes by the group whose rollup they belong to."""
    groups: dict[str, Document] = {}
    for dimension, values in changes.items():
        if values:
            groups.setdefault(GROUP_OF[dimension], {})[dimension] = values
    return groups


def read_document(data: bytes) -> Document:
    """Return the document that a rollup holds as `doc`."""
    return _read(isal_zlib.decompress(data))


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
        text = isal_zlib.decompress(data) if data else b"{}"
        self.document = _read(text)
        self._size = len(text)

    def add(self, changes: Document, *, of_day: bool) -> None:
        """Add changes, whose vectors with visitors end with those of the hour and those of the day: one of the two.

        A value that a full document does not know counts as `OTHER`, and from then on every value of the dimension
        that is not known: what moves away later must be taken from where it was counted. A value of which nothing is
        left, because visits moved away from it, is forgotten.
        """
        shapes = _OF_DAY if of_day else _OF_HOUR
        for dimension, values in changes.items():
            known = self.document.setdefault(dimension, {})
            sum_of, zeros = shapes[len(next(iter(values.values())))]
            for value, vector in values.items():
                before = known.get(value)
                if before is not None:
                    known[value] = after = sum_of(before, vector)
                    if not (after[0] or any(after)) and value != OTHER:
                        del known[value]
                        self._size -= _size_of(value)
                elif any(new := sum_of(zeros, vector)):
                    size = self._size + _size_of(value)
                    if OTHER in known or (value and (len(known) >= MOST_VALUES or size > LARGEST_DOCUMENT)):
                        known[OTHER] = sum_of(known.get(OTHER, zeros), vector)
                    else:
                        known[value] = new
                        self._size = size

    def to_bytes(self) -> bytes:
        """Return the document as the table holds it."""
        return isal_zlib.compress(msgspec.json.encode(self.document), _LEVEL)
