import time

import pytest
from selenium.webdriver import Chrome

from tests.e2e.conftest import eventually
from tests.e2e.tracker.servers import STUB, Endpoint, Pages

SIGNALS = {"Do Not Track": ("doNotTrack", "'1'"), "Global Privacy Control": ("globalPrivacyControl", "true")}

# Longer than events wait to be sent.
_SOON_SECONDS = 1.5


def _before_every_page(tab: Chrome, script: str) -> None:
    tab.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})


def _send(tab: Chrome, signal: str) -> None:
    name, value = SIGNALS[signal]
    _before_every_page(tab, f"Object.defineProperty(Navigator.prototype, '{name}', {{get: () => {value}}})")


def _visit(tab: Chrome, url: str) -> None:
    tab.get(url)
    tab.execute_script("sitewire('event', 'x')")
    time.sleep(_SOON_SECONDS)
    tab.get("about:blank")
    time.sleep(0.3)


@pytest.mark.parametrize("signal", SIGNALS)
def test_a_wish_not_to_be_counted_is_honoured_where_the_site_says_so(
    tab: Chrome, pages: Pages, endpoint: Endpoint, signal: str
) -> None:
    pages.attributes = "data-respect-dnt"
    pages.head = STUB
    _send(tab, signal)

    _visit(tab, pages.address)

    assert endpoint.received == []


@pytest.mark.parametrize("signal", SIGNALS)
def test_elsewhere_it_changes_nothing(tab: Chrome, pages: Pages, endpoint: Endpoint, signal: str) -> None:
    _send(tab, signal)

    tab.get(pages.address)

    assert eventually(endpoint.events)


def test_who_wishes_nothing_is_counted(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    pages.attributes = "data-respect-dnt"

    tab.get(pages.address)

    assert eventually(endpoint.events)


def test_a_page_can_be_left_out(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    pages.attributes = "data-exclude"

    _visit(tab, pages.address)

    assert endpoint.received == []


def test_a_browser_is_left_out_from_one_address_until_another(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    _visit(tab, f"{pages.address}/?sitewire=exclude")
    _visit(tab, f"{pages.address}/own")
    assert endpoint.received == []

    tab.get(f"{pages.address}/back?sitewire=include")

    (view,) = eventually(endpoint.events)
    assert view["url"] == f"{pages.address}/back?sitewire=include"


def test_a_browser_is_left_out_by_a_mark_in_its_storage(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    _before_every_page(tab, "try { localStorage.setItem('sitewire.exclude', 'yes') } catch {}")

    _visit(tab, pages.address)

    assert endpoint.received == []


def test_nothing_is_left_in_the_browser(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    tab.get(pages.address)
    eventually(endpoint.events)

    left = "return sessionStorage['sitewire.outbox'] == '[]' && [document.cookie, localStorage.length]"

    assert eventually(lambda: tab.execute_script(left)) == ["", 0]


@pytest.mark.parametrize(
    "broken",
    [
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new Error('blocked') }})",
        "window.fetch = () => { throw new Error('blocked') }; Navigator.prototype.sendBeacon = window.fetch",
        "delete window.PerformanceObserver",
        "document.addEventListener = window.addEventListener = () => { throw new Error('blocked') }",
    ],
    ids=["storage", "network", "observers", "listeners"],
)
def test_nothing_that_is_missing_makes_the_page_fail(
    tab: Chrome, pages: Pages, endpoint: Endpoint, broken: str
) -> None:
    watch = "window.failures = []; for (const type of ['error', 'unhandledrejection'])"
    _before_every_page(tab, f"{watch} window.addEventListener(type, () => failures.push(type)); {broken}")
    tab.get(pages.address)
    tab.execute_script("sitewire('event', 'x', {y: 1}); history.pushState({}, '', '/b'); document.body.click()")
    time.sleep(_SOON_SECONDS)

    assert tab.execute_script("return [failures, location.pathname]") == [[], "/b"]
    assert bool(endpoint.events()) == ("fetch" not in broken)
