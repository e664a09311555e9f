import pytest
from selenium.webdriver import Chrome

from tests.e2e.conftest import eventually
from tests.e2e.tracker.servers import Endpoint, Pages


def _paths(endpoint: Endpoint, pages: Pages) -> list[str]:
    return [event["url"].removeprefix(pages.address) for event in endpoint.events()]


def _views(endpoint: Endpoint, pages: Pages, number: int) -> list[str]:
    return eventually(lambda: paths if len(paths := _paths(endpoint, pages)) >= number else None)


def test_a_page_view_is_sent_soon_after_the_page_was_opened(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    tab.get(f"{pages.address}/prices?utm_source=letter#plans")

    (view,) = eventually(endpoint.events)

    size = tab.execute_script("return `${screen.width}x${screen.height}`")
    assert view == {
        "type": "pageview",
        "url": f"{pages.address}/prices?utm_source=letter",
        "title": "Home",
        "screen": size,
        "language": tab.execute_script("return navigator.language"),
    }


def test_it_is_text_of_a_simple_request_so_that_no_preflight_comes_first(
    tab: Chrome, pages: Pages, endpoint: Endpoint
) -> None:
    tab.get(pages.address)

    eventually(endpoint.batches)

    assert [request.method for request in endpoint.received] == ["POST"]
    (request,) = endpoint.received
    assert request.path == "/v1/api/analytics"
    assert request.headers["content-type"].startswith("text/plain")
    assert request.headers["origin"] == pages.address
    assert "cookie" not in request.headers


def test_the_page_that_led_here_is_told_once(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    pages.body = f'<a id="there" href="{pages.address}/second">second</a>'
    tab.get(f"{pages.address.replace('localhost', '127.0.0.1')}/first")
    _views(endpoint, pages, 1)
    tab.find_element("id", "there").click()
    _views(endpoint, pages, 2)
    tab.execute_script("history.pushState({}, '', '/third')")

    _views(endpoint, pages, 3)

    assert [event.get("referrer") for event in endpoint.events()] == [
        None,
        f"{pages.address.replace('localhost', '127.0.0.1')}/",
        None,
    ]


def test_each_navigation_of_a_single_page_application_is_a_page_view(
    tab: Chrome, pages: Pages, endpoint: Endpoint
) -> None:
    tab.get(f"{pages.address}/a")
    tab.execute_script("history.pushState({}, '', '/b'); document.title = 'B'")
    tab.execute_script("history.replaceState({}, '', '/c'); document.title = 'C'")
    tab.back()

    assert _views(endpoint, pages, 4) == ["/a", "/b", "/c", "/a"]
    assert [event["title"] for event in endpoint.events()][:3] == ["Home", "B", "C"]


def test_an_address_that_stays_the_same_is_no_page_view(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    tab.get(f"{pages.address}/a")
    tab.execute_script("history.replaceState({step: 1}, ''); history.pushState({}, '', '#part'); location.hash = 'x'")
    tab.execute_script("history.pushState({}, '', '/b')")

    assert _views(endpoint, pages, 2) == ["/a", "/b"]


def test_routes_in_the_fragment_are_pages_where_the_site_says_so(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    pages.attributes = "data-hash"
    tab.get(f"{pages.address}/app?q=1#/team")
    tab.execute_script("location.hash = '#!/team/ada'")

    assert _views(endpoint, pages, 2) == ["/app/team?q=1", "/app/team/ada?q=1"]


@pytest.mark.parametrize("title", ["x" * 400, "a\N{WAVING HAND SIGN}" * 200, "half \\ud83d a pair\\u0007"])
def test_a_title_is_made_fit_for_the_api(tab: Chrome, pages: Pages, endpoint: Endpoint, title: str) -> None:
    pages.head = f'<script>document.title = "{title}"</script>'
    tab.get(pages.address)

    (view,) = eventually(endpoint.events)

    assert 0 < len(view["title"]) <= 300
