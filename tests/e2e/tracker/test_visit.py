"""A visit from the page to the report, on the running stage."""

from selenium.webdriver import Chrome

from schemas.routes import Role
from tests.e2e.conftest import Site, eventually
from tests.e2e.tracker.servers import Pages, serving


def test_a_visit_is_in_the_report_of_the_day(site: Site, tab: Chrome) -> None:
    with serving(Pages(site.outputs["api_url"])) as pages:
        pages.body = '<a id="file" href="/files/visited.pdf">a file</a>'
        tab.get(f"{pages.address}/visited-by-a-browser?utm_source=letter")
        tab.find_element("id", "file").click()
        tab.execute_script("history.pushState({}, '', '/visited-by-a-browser/next')")
        tab.get("about:blank")

        views = eventually(lambda: _counted(site, "page", "pageviews", "/visited-by-a-browser/next"))
        downloads = eventually(lambda: _counted(site, "event", "events", "download"))

    assert views == 1
    assert _counted(site, "page", "pageviews", "/visited-by-a-browser") == 1
    assert downloads >= 1
    assert _counted(site, "browser", "visits", "Chrome")


def _counted(site: Site, dimension: str, metric: str, value: str) -> int | None:
    """Return a number of today's report; None where the report does not have that row."""
    query = {"period": "day", "dimension": dimension, "metrics": metric}
    answer = site.call("GET", "/api/analytics", Role.VIEWER, params=query)
    assert answer.ok, answer.text
    numbers = (int(row[metric]) for row in answer.json()["rows"] if row[dimension] == value)
    return next(numbers, None)
