from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.e2e.conftest import eventually
from tests.e2e.tracker.servers import STUB, Endpoint, Pages

TALL = '<div style="height: 8000px">A long page</div>'


def _props(endpoint: Endpoint, name: str) -> list[dict[str, Any]]:
    return eventually(lambda: [event["props"] for event in endpoint.events(name)])


def _scroll(tab: Chrome, share: float) -> None:
    tab.execute_async_script(
        "const [share, done] = arguments;"
        "scrollTo(0, document.documentElement.scrollHeight * share - innerHeight);"
        "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))",
        share,
    )


def test_a_link_to_another_site_is_an_event_with_where_it_leads(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    elsewhere = pages.address.replace("localhost", "127.0.0.1")
    pages.body = f'<a href="{elsewhere}/about?secret=1#x"><b id="link">about</b></a>'
    tab.get(f"{pages.address}/home")
    tab.find_element("id", "link").click()

    assert _props(endpoint, "outbound") == [{"url": f"{elsewhere.removeprefix('http://')}/about"}]
    assert endpoint.events("outbound")[0]["url"] == f"{pages.address}/home"


def test_a_download_is_an_event_with_the_file(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    pages.body = '<a id="one" href="/files/report.pdf?v=2">one</a> <a id="two" href="/export" download>two</a>'
    tab.get(pages.address)
    tab.find_element("id", "one").click()
    tab.find_element("id", "two").click()

    assert eventually(lambda: len(endpoint.events("download")) == 2)
    assert _props(endpoint, "download") == [{"file": "/files/report.pdf"}, {"file": "/export"}]


def test_a_link_within_the_site_is_no_event(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    pages.body = '<a id="link" href="/second">second</a>'
    tab.get(pages.address)
    tab.find_element("id", "link").click()

    eventually(lambda: len(endpoint.events()) == 2)

    assert endpoint.events("outbound") == endpoint.events("download") == []


def test_a_page_sends_events_of_its_own_before_and_after_the_script_is_there(
    tab: Chrome, pages: Pages, endpoint: Endpoint
) -> None:
    pages.head = f"{STUB}<script>sitewire('event', 'early', {{plan: 'gold', seats: 3, trial: true}})</script>"
    tab.get(pages.address)
    tab.execute_script("sitewire('event', 'late')")

    eventually(lambda: endpoint.events("late"))

    # The API counts a value as its text.
    assert [event["props"] for event in endpoint.events("early")] == [{"plan": "gold", "seats": "3", "trial": "true"}]
    assert [event["props"] for event in endpoint.events("late")] == [{}]
    assert endpoint.batches()[0]["events"][0]["type"] == "pageview"


def test_what_a_page_says_is_made_fit_for_the_api(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    tab.get(pages.address)
    tab.execute_script(
        "const props = Object.fromEntries([...Array(30).keys()].map((i) => [`p\\n${i}`, 'v'.repeat(999)]));"
        "sitewire('event', 'n'.repeat(99), props);"
        "sitewire('event', '  '); sitewire('event', 'x', 7); sitewire('other', 'x'); sitewire('event', 'last', null)"
    )

    (event,) = eventually(lambda: endpoint.events("n" * 64))

    assert len(event["props"]) == 20
    assert set(event["props"].values()) == {"v" * 200}


def test_the_deepest_place_that_was_seen_is_told_once_a_page_view(
    tab: Chrome, pages: Pages, endpoint: Endpoint
) -> None:
    pages.body = TALL
    tab.get(f"{pages.address}/long")
    for share in (0.3, 0.8, 0.2):
        _scroll(tab, share)
    tab.execute_script("history.pushState({}, '', '/next')")
    _scroll(tab, 1)
    tab.get("about:blank")

    eventually(lambda: len(endpoint.events("scroll")) == 2)

    # Two beacons may overtake one another.
    found = {event["url"].removeprefix(pages.address): event["props"]["depth"] for event in endpoint.events("scroll")}
    assert found == {"/long": "75", "/next": "100"}


def test_web_vitals_are_rated_when_the_page_is_left(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    pages.delay = 1
    pages.body = (
        "<button id='slow' onclick='const end = performance.now() + 600; while (performance.now() < end);'>Go</button>"
        "<script>setTimeout(() => document.body.style.paddingTop = '600px', 300)</script>"
        "<h1 style='height: 700px; background: grey'>Moved</h1>"
    )
    tab.get(f"{pages.address}/start")
    eventually(lambda: tab.execute_script("return document.body.style.paddingTop"))
    tab.find_element("id", "slow").click()
    tab.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0], 100))")
    tab.execute_script("history.pushState({}, '', '/later')")
    tab.get("about:blank")

    (props,) = _props(endpoint, "web-vitals")

    assert props.keys() == {"TTFB", "FCP", "LCP", "CLS", "INP"}
    assert props["TTFB"] == "needs-improvement"
    assert props["CLS"] == "poor"
    assert props["INP"] == "poor"
    assert props["FCP"] in {"good", "needs-improvement", "poor"}
    assert endpoint.events("web-vitals")[0]["url"] == f"{pages.address}/start"


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [("", set()), ("scroll", {"scroll"}), ("vitals downloads", {"web-vitals", "download"}), ("outbound", {"outbound"})],
)
def test_a_site_chooses_which_events_are_sent_by_themselves(
    tab: Chrome, pages: Pages, endpoint: Endpoint, wanted: str, sent: set[str]
) -> None:
    pages.attributes = f'data-auto="{wanted}"'
    pages.body = f'<a id="file" href="/x.pdf">x</a> <a id="out" href="http://127.0.0.1:{pages.server_port}">y</a>{TALL}'
    tab.get(pages.address)
    _scroll(tab, 0.5)
    _scroll(tab, 0.1)
    tab.find_element("id", "file").click()
    tab.find_element("id", "out").click()

    eventually(lambda: len(endpoint.events()) == 2)

    names = {event.get("name") for batch in endpoint.batches() for event in batch["events"]}
    assert names - {None} == sent
