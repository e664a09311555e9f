"""What DynamoDB charges for: sizes of items, and units of reads and writes.

Sources: "DynamoDB item sizes and formats" and "DynamoDB read and write operations", DynamoDB Developer Guide.
"""

import math
from typing import Any

READ_BLOCK, WRITE_BLOCK = 4096, 1024
"""Bytes of a unit."""


def item_size(item: dict[str, Any]) -> int:
    """Return the bytes of an item: names and values of its attributes."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def transacted_write_units(before: int, after: int) -> int:
    """Return the units of a write in a transaction, from the item's bytes before and after it."""
    return 2 * max(1, math.ceil(max(before, after) / WRITE_BLOCK))


def _size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S" | "B":
            # Bytes travel in base64.
            return len(content.encode()) if kind == "S" else len(content) * 3 // 4
        case "N":
            # One byte for two significant digits, and one more.
            return (len(content.strip("-").replace(".", "")) + 1) // 2 + 1
        case "BOOL" | "NULL":
            return 1
        case "SS":
            return sum(len(text.encode()) for text in content)
        case "L":
            return 3 + sum(1 + _size(element) for element in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _size(element) for name, element in content.items())
    message = f"{kind} has no size here"
    raise ValueError(message)
