"""What reads of DynamoDB cost, computed from what each call evaluated: moto counts calls alone.

Sources: "DynamoDB read and write operations" and "DynamoDB item sizes and formats", DynamoDB Developer Guide.
"""

import math
from typing import Any, NamedTuple

_BLOCK = 4096


class Call(NamedTuple):
    """A call: its operation, its parameters, and the read units that it used."""

    operation: str
    parameters: dict[str, Any]
    units: float


class Meter:
    """The calls of a DynamoDB client from now on.

    Parameters
    ----------
    client
        The client.
    """

    def __init__(self, client: Any) -> None:
        self.calls: list[Call] = []
        self._parameters: dict[str, Any] = {}
        client.meta.events.register("provide-client-params.dynamodb", self._begin)
        client.meta.events.register("after-call.dynamodb", self._end)

    @property
    def units(self) -> float:
        """Return the read units of all calls."""
        return sum(call.units for call in self.calls)

    def _begin(self, params: dict[str, Any], **_: object) -> None:
        self._parameters = params

    def _end(self, parsed: dict[str, Any], model: Any, **_: object) -> None:
        self.calls.append(Call(model.name, self._parameters, self._units(parsed)))

    def _units(self, parsed: dict[str, Any]) -> float:
        # Nothing is filtered and nothing projected, which the tests assert: what was evaluated is what was answered.
        items = parsed.get("Items", [parsed["Item"]] if "Item" in parsed else [])
        blocks = max(1, math.ceil(sum(map(item_size, items)) / _BLOCK))
        return blocks * (1.0 if self._parameters.get("ConsistentRead") else 0.5)


def item_size(item: dict[str, Any]) -> int:
    """Return the bytes of an item: names and values of its attributes."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
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
