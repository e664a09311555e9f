"""The unit tier talks to nothing: sockets are blocked, but for tests that are given the loopback address."""

from collections.abc import Callable, Iterator

import pytest
from pytest_socket import disable_socket, enable_socket

_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Block every socket, unless the test names the hosts it may reach (pytest-socket then holds it to them)."""
    if request.node.get_closest_marker("allow_hosts"):
        yield
        return
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture
def show_figure(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Return how a test shows a figure that it measured, whether it passes or not."""
    return pytestconfig.stash.setdefault(_FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures after the tests."""
    figures = config.stash.get(_FIGURES, [])
    if figures:
        terminalreporter.section("figures")
    for figure in figures:
        terminalreporter.write_line(figure)
