"""The unit tier talks to nothing: sockets are blocked, but for tests that are given the loopback address."""

from collections.abc import Iterator

import pytest
from pytest_socket import disable_socket, enable_socket


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Block every socket, unless the test names the hosts it may reach (pytest-socket then holds it to them)."""
    if request.node.get_closest_marker("allow_hosts"):
        yield
        return
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()
