"""Make AWS calls fail as AWS makes them fail: through the client's own error handling."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from moto.core.models import botocore_stubber

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

Calls = list[dict[str, Any]]

_FOREVER = 1_000_000


def cancel_transactions(client: "DynamoDBClient", *codes: str, times: int = _FOREVER) -> Calls:
    """Cancel the next `times` transactions with these reasons, and return the list that grows by each one."""
    answer = {
        "Error": {"Code": "TransactionCanceledException", "Message": "Transaction cancelled"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return _fail(client, "dynamodb.TransactWriteItems", answer, lambda _request: True, times)


def refuse_mails(client: Any, recipient: str, *, times: int = _FOREVER) -> Calls:
    """Refuse the next `times` mails to one recipient, and return the list that grows by each one."""
    answer = {"Error": {"Code": "TooManyRequestsException", "Message": "Slow down"}}
    return _fail(client, "sesv2.SendEmail", answer, lambda request: recipient in _recipients(request), times)


def refuse_users(client: Any, operation: str, code: str, *, times: int = _FOREVER) -> Calls:
    """Refuse the next `times` calls of an operation of Cognito's, and return the list that grows by each one."""
    answer = {"Error": {"Code": code, "Message": "Refused"}}
    return _fail(client, f"cognito-identity-provider.{operation}", answer, lambda _request: True, times)


def refuse_table(client: Any, operation: str, code: str) -> Calls:
    """Refuse every call of an operation of DynamoDB's, and return the list that grows by each one."""
    answer = {"Error": {"Code": code, "Message": "Refused"}}
    return _fail(client, f"dynamodb.{operation}", answer, lambda _request: True, _FOREVER)


def answer_users(client: Any, operation: str, document: dict[str, Any]) -> Calls:
    """Answer every call of an operation of Cognito's that moto lacks, and return the list that grows by each one."""
    return _fail(client, f"cognito-identity-provider.{operation}", document, lambda _request: True, _FOREVER, 200)


def watch_users(client: Any) -> list[str]:
    """Return the list to which the name of each call of Cognito's is added."""
    names: list[str] = []
    client.meta.events.register("before-call.cognito-identity-provider", lambda model, **_: names.append(model.name))
    return names


def _recipients(request: dict[str, Any]) -> list[str]:
    found: list[str] = json.loads(request["body"])["Destination"]["ToAddresses"]
    return found


def _fail(
    client: Any,
    operation: str,
    answer: dict[str, Any],
    concerns: Callable[[dict[str, Any]], bool],
    times: int,
    status: int = 400,
) -> Calls:
    calls: Calls = []

    def handle(params: dict[str, Any], **_: object) -> tuple[SimpleNamespace, dict[str, Any]] | None:
        if len(calls) >= times or not concerns(params):
            return None
        calls.append(params)
        return SimpleNamespace(status_code=status), {**answer, "ResponseMetadata": {"HTTPStatusCode": status}}

    client.meta.events.register(f"before-call.{operation}", handle)
    return calls


@contextmanager
def replies_lost(client: Any, operation: str) -> Iterator[None]:
    """Let each call of an operation, such as `dynamodb.PutItem`, do its work, and its caller learn nothing of it."""

    def lose(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="")

    client.meta.events.register(f"after-call.{operation}", lose)
    try:
        yield
    finally:
        client.meta.events.unregister(f"after-call.{operation}", lose)


@contextmanager
def mails_unanswered(client: Any) -> Iterator[None]:
    """Let each mail be sent, and the connection be cut before an answer comes: what a client may try again itself."""

    def cut(request: Any, **_: object) -> None:
        botocore_stubber("before-send", request)
        raise ConnectionClosedError(request=request, endpoint_url=request.url)

    client.meta.events.register("before-send.sesv2.SendEmail", cut)
    try:
        yield
    finally:
        client.meta.events.unregister("before-send.sesv2.SendEmail", cut)
