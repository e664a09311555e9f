"""What reads of DynamoDB cost, computed from what each call evaluated: moto counts calls alone.

Source: "DynamoDB read and write operations", DynamoDB Developer Guide.
"""

import math
from typing import Any, NamedTuple

from load.capacity import READ_BLOCK, item_size


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

    def __init__(self, client: Any) -> None:  # noqa: ANN401  boto3's clients are made at run time
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

    def _end(self, parsed: dict[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401  botocore's
        self.calls.append(Call(model.name, self._parameters, self._units(parsed)))

    def _units(self, parsed: dict[str, Any]) -> float:
        # Nothing is filtered and nothing projected, which the tests assert: what was evaluated is what was answered.
        items = parsed.get("Items", [parsed["Item"]] if "Item" in parsed else [])
        blocks = max(1, math.ceil(sum(map(item_size, items)) / READ_BLOCK))
        return blocks * (1.0 if self._parameters.get("ConsistentRead") else 0.5)
