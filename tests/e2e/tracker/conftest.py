"""One Chromium for all tests of the tracker; a tab, a site and an endpoint for each."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from tests.e2e.tracker.chromium import ChromiumMissingError, start_chromium
from tests.e2e.tracker.servers import Endpoint, Pages, serving


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Start the browser."""
    missing = ""
    try:
        browser = start_chromium(tmp_path_factory.mktemp("chromium"))
    except ChromiumMissingError as error:
        missing = str(error)
    if missing:
        pytest.fail(missing, pytrace=False)
    try:
        yield browser
    finally:
        browser.quit()


@pytest.fixture
def tab(chromium: Chrome) -> Iterator[Chrome]:
    """Open a tab, which remembers nothing of other tests."""
    first = chromium.current_window_handle
    chromium.switch_to.new_window("tab")
    yield chromium
    chromium.close()
    chromium.switch_to.window(first)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """Run an endpoint that records."""
    with serving(Endpoint()) as server:
        yield server


@pytest.fixture
def pages(endpoint: Endpoint) -> Iterator[Pages]:
    """Run a site that counts at the endpoint; its origin is a new one for each test."""
    with serving(Pages(f"{endpoint.address}/v1")) as server:
        yield server
