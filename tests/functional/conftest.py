"""The functional tier talks to moto: AWS in this process, and no socket."""

import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from pytest_socket import disable_socket, enable_socket

from shared.analytics.sites import Site, format_sites
from tests.functional.pools import Pool, create_pool
from tests.functional.tables import create_table, one_at_a_time

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "sitewire-local"

SITES = (
    Site("example.org", ("https://example.org", "http://localhost:*"), "Europe/Berlin"),
    Site("shop.example.org", ("https://shop.example.org",), "UTC"),
)

_SETTINGS = {
    "ALLOWED_ORIGINS": "https://example.org",
    "DEFAULT_LOCALE": "en",
    "EVENT_BUS_NAME": "sitewire-local",
    "LEASE_SECONDS": "60",
    "PARAMETER_NAME": "/sitewire/local/contact/mail",
    "SITES": format_sites(SITES),
    "TABLE_NAME": TABLE,
}


@pytest.fixture(autouse=True)
def aws(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give each test an empty account, and no network beside it but the hosts that it names."""
    if not request.node.get_closest_marker("allow_hosts"):
        disable_socket(allow_unix_socket=True)
    with mock_aws():
        yield
    enable_socket()


@pytest.fixture
def dynamodb() -> "DynamoDBClient":
    """Return a client of the account in which the table exists."""
    client: DynamoDBClient = boto3.client("dynamodb")
    create_table(client, TABLE)
    return one_at_a_time(client)


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
