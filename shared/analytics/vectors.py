"""Vectors of whole numbers, each in one integer: to add two is one addition, however many numbers they hold.

Each number has 64 bits. A negative one borrows from its neighbour, which has it back when the vector is taken apart.
"""

import struct

_BITS = 64
_LENGTH = 7
_SIGNS = sum(1 << _BITS * (place + 1) - 1 for place in range(_LENGTH))
_read = struct.Struct(f"<{_LENGTH}q").unpack


def unit(place: int) -> int:
    """Return the vector that is one in a place, from 0 to 6, and zero in the others."""
    return 1 << _BITS * place


def numbers_of(vector: int) -> tuple[int, ...]:
    """Return the seven numbers of a vector, each of which fits into 64 bits."""
    # With half the range added, no number is negative; the sign bit of each then turns it into its two's complement.
    return _read(((vector + _SIGNS) ^ _SIGNS).to_bytes(_LENGTH * _BITS // 8, "little"))
