"""The functional tier talks to moto: AWS in this process, and no socket."""

import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from pytest_socket import disable_socket, enable_socket

from shared.table import keys
from tests.functional.pools import Pool, create_pool

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "sitewire-local"

_SETTINGS = {
    "ALLOWED_ORIGINS": "https://example.org",
    "LEASE_SECONDS": "60",
    "PARAMETER_NAME": "/sitewire/local/contact/mail",
    "TABLE_NAME": TABLE,
}


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    """Give each test an empty account, and no network beside it."""
    disable_socket(allow_unix_socket=True)
    with mock_aws():
        yield
    enable_socket()


@pytest.fixture
def dynamodb() -> "DynamoDBClient":
    """Return a client of the account in which the table exists."""
    client: Any = boto3.client("dynamodb")
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK", "GSI1PK", "GSI1SK")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": keys.INDEX,
                "KeySchema": [
                    {"AttributeName": "GSI1PK", "KeyType": "HASH"},
                    {"AttributeName": "GSI1SK", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    client.update_time_to_live(
        TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": keys.TTL_ATTRIBUTE}
    )
    call, lock = client._make_api_call, threading.Lock()

    def call_alone(*arguments: Any) -> Any:
        # A conditional write is atomic on DynamoDB; moto looks and writes in two steps.
        with lock:
            return call(*arguments)

    client._make_api_call = call_alone
    serialized: DynamoDBClient = client
    return serialized


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    """Return a user pool like that of the template, which functions are told of."""
    pool = create_pool()
    monkeypatch.setenv("USER_POOL_ID", pool.id)
    monkeypatch.setenv("USER_POOL_CLIENT_ID", pool.client_id)
    return pool


@pytest.fixture
def load(dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:  # noqa: ARG001
    """Return how a function is started: its module is imported anew, so that its clients are of this account."""

    def start(name: str) -> ModuleType:
        for variable, value in _SETTINGS.items():
            monkeypatch.setenv(variable, value)
        # What is set here is set back after the test, so that no other one finds a function of an account that is gone.
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
        del sys.modules[name]
        return importlib.import_module(name)

    return start
