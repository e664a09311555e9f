"""What the lean client does, by boto3's: its requests and answers hold bytes as base64, and its errors are its own."""

import copy
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.aws.errors import AwsRefusedError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_METHODS = {"BatchGetItem": "batch_get_item", "TransactWriteItems": "transact_write_items"}


class BotoCaller:
    """Calls DynamoDB as `shared.aws.client.JsonClient` does.

    Parameters
    ----------
    client
        Boto3's client.
    """

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation and return its answer."""
        method = getattr(self._client, _METHODS[operation])
        try:
            answer = method(**_with_bytes(request, b64decode))
        except ClientError as error:
            told: Any = error.response
            reasons = {name: told[name] for name in ("CancellationReasons",) if name in told}
            status = told["ResponseMetadata"]["HTTPStatusCode"]
            raise AwsRefusedError(status, told["Error"]["Code"], reasons) from None
        del answer["ResponseMetadata"]
        converted: dict[str, Any] = _with_bytes(answer, lambda data: b64encode(data).decode())
        return converted


def _with_bytes(value: Any, convert: Callable[[Any], Any]) -> Any:
    """Return a document whose values of type B are converted."""
    if isinstance(value, Mapping):
        if value.keys() == {"B"}:
            return {"B": convert(value["B"])}
        return {name: _with_bytes(part, convert) for name, part in value.items()}
    if isinstance(value, list):
        return [_with_bytes(part, convert) for part in value]
    return copy.copy(value)
