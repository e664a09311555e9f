"""Page views and events from a browser's request to the report, the terminal and the receipt."""

import csv
import io
import json
from typing import Any

import pytest

from schemas.routes import Role
from shared.ids import uuid7
from tests.e2e.commands import sitewire
from tests.e2e.conftest import ADDRESS_HEADER, SITE, Site, eventually

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ROBOT = "Googlebot/2.1 (+http://www.google.com/bot.html)"


def send(site: Site, *events: dict[str, Any], user_agent: str = BROWSER, headers: dict[str, str] | None = None) -> str:
    """Send events as a page of the site does, and return the id of their batch."""
    body = json.dumps({"id": uuid7(), "events": events})
    headers = {"Content-Type": "text/plain", "Origin": SITE, "User-Agent": user_agent, **(headers or {})}
    answer = site.call("POST", "/api/analytics", data=body, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def view(path: str, **more: Any) -> dict[str, Any]:
    return {"type": "pageview", "url": f"{SITE}{path}", **more}


def operation(site: Site, batch: str) -> dict[str, Any] | None:
    """Return what became of a batch, once that is known."""
    found: dict[str, Any] = site.call("GET", f"/api/operations/{batch}").json()
    return found if found["status"] != "pending" else None


def report(site: Site, **query: str) -> dict[str, Any]:
    answer = site.call("GET", "/api/analytics", Role.VIEWER, params=query)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


@pytest.fixture
def page(site: Site) -> str:
    """Return a page that was viewed three times, with one event."""
    path = f"/reported/{uuid7()}"
    signup = {"type": "event", "url": f"{SITE}{path}", "name": path, "props": {"plan": "pro"}}
    batches = [send(site, view(path), view(path)), send(site, view(path), signup)]
    for batch in batches:
        assert eventually(lambda batch=batch: operation(site, batch))["status"] == "counted"  # type: ignore[misc]
    return path


def test_a_page_view_is_in_the_report_by_page(site: Site, page: str) -> None:
    found = report(site, period="day", filter=f"page:{page}", dimension="page", realtime="true")

    assert found["rows"] == [{"page": page, "pageviews": 3, "visitors": 1}]
    assert found["totals"] == {"pageviews": 3, "visitors": 1}
    assert sum(moment["pageviews"] for moment in found["series"]) == 3
    assert found["realtime"]["visitors"] >= 1


def test_an_event_is_in_the_report_with_its_properties(site: Site, page: str) -> None:
    found = report(site, filter=f"event:{page}", dimension="property")

    assert found["totals"] == {"visitors": 1, "events": 1}
    assert found["rows"] == [{"event": page, "property": "plan", "value": "pro", "events": 1}]


def test_a_report_is_tagged_and_is_csv_too(site: Site, page: str) -> None:
    query = {"filter": f"page:{page}", "dimension": "page", "realtime": "false"}
    first = site.call("GET", "/api/analytics", Role.VIEWER, params=query)
    tag = {"If-None-Match": first.headers["ETag"]}

    again = site.call("GET", "/api/analytics", Role.VIEWER, params=query, headers=tag)
    table = site.call("GET", "/api/analytics", Role.VIEWER, params={**query, "format": "csv"})

    assert again.status_code == 304
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(table.text))) == [["page", "pageviews", "visitors"], [page, "3", "1"]]


def test_a_robot_is_dropped_and_told_so(site: Site) -> None:
    path = f"/crawled/{uuid7()}"
    batch = send(site, view(path), user_agent=ROBOT)

    found = eventually(lambda: operation(site, batch))

    assert (found["status"], found["reason"]) == ("dropped", "bot")
    assert found["consumers"][0]["consumer"] == "aggregate_analytics"
    assert report(site, filter=f"page:{path}")["totals"]["pageviews"] == 0


def test_an_excluded_address_is_dropped_and_told_so(site: Site) -> None:
    path = f"/made/{uuid7()}"
    owner, visitor = site.plant("203.0.113.77"), site.plant("198.51.100.77")
    own, visit = (send(site, view(path), headers={ADDRESS_HEADER: address}) for address in (owner, visitor))

    found = eventually(lambda: operation(site, own))

    assert (found["status"], found["reason"]) == ("dropped", "excluded")
    assert eventually(lambda: operation(site, visit))["status"] == "counted"
    assert report(site, filter=f"page:{path}")["totals"] == {"pageviews": 1, "visitors": 1}


def test_what_is_too_old_is_dropped_and_told_so(site: Site) -> None:
    batch = send(site, view("/old", occurred_at="2026-01-01T00:00:00Z"))

    found = eventually(lambda: operation(site, batch))

    assert (found["status"], found["reason"]) == ("dropped", "too old")


def test_the_terminal_shows_the_same(site: Site, page: str) -> None:
    options = ("--by", "page", "--filter", f"page:{page}")

    told = sitewire(site.folder.parent, "stats", *options, "--json")
    shown = sitewire(site.folder.parent, "stats", *options)

    assert (told.code, json.loads(told.out)["rows"][0]["pageviews"]) == (0, 3)
    assert page in shown.out
