import json
import re
import time
from datetime import UTC, datetime

from selenium.webdriver import Chrome

from schemas.analytics_messages import MOST_EVENTS
from schemas.identities import UUID7
from tests.e2e.conftest import eventually
from tests.e2e.tracker.servers import Endpoint, Pages

OFFLINE = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
ONLINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


def _ids(endpoint: Endpoint) -> list[str]:
    return [batch["id"] for batch in endpoint.batches()]


def test_a_batch_has_an_id_of_its_own_that_begins_with_the_time(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    tab.get(pages.address)
    eventually(endpoint.batches)
    tab.execute_script("sitewire('event', 'x')")

    first, second = eventually(lambda: ids if len(ids := _ids(endpoint)) == 2 else None)

    assert re.match(UUID7, first)
    assert re.match(UUID7, second)
    assert first < second
    assert abs(int(first.replace("-", "")[:12], 16) / 1000 - time.time()) < 60


def test_a_failed_batch_is_sent_again_with_its_id_and_late_with_its_time(
    tab: Chrome, pages: Pages, endpoint: Endpoint
) -> None:
    endpoint.failures = [503, 429]
    opened = datetime.now(UTC)
    tab.get(pages.address)

    eventually(lambda: len(endpoint.batches()) == 3)

    first, second, third = endpoint.batches()
    assert first == second
    assert third["id"] == first["id"]
    (event,) = third["events"]
    assert abs((datetime.fromisoformat(event.pop("occurred_at")) - opened).total_seconds()) < 8
    assert third == first
    assert tab.execute_script("return sessionStorage['sitewire.outbox']") == "[]"


def test_a_batch_that_is_refused_is_not_sent_again(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    endpoint.failures = [400]
    tab.get(pages.address)
    eventually(endpoint.batches)
    tab.execute_script("sitewire('event', 'x')")

    eventually(lambda: endpoint.events("x"))

    assert len(set(_ids(endpoint))) == len(endpoint.batches()) == 2


def test_a_batch_that_failed_is_sent_by_the_next_page(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    endpoint.failures = [503, 503, 503]
    tab.get(f"{pages.address}/first")
    eventually(endpoint.batches)
    tab.get(f"{pages.address}/second")

    eventually(lambda: any(view["url"].endswith("/second") for view in endpoint.events()))

    repeated = [batch for batch in endpoint.batches() if batch["events"][0]["url"].endswith("/first")]
    views = [batch["id"] for batch in repeated if batch["events"][0]["type"] == "pageview"]
    assert len(views) > 1
    assert len(set(views)) == 1


def test_what_happens_offline_is_sent_once_the_browser_is_online(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    tab.get(pages.address)
    eventually(endpoint.batches)
    tab.execute_cdp_cmd("Network.enable", {})
    tab.execute_cdp_cmd("Network.emulateNetworkConditions", OFFLINE)
    tab.execute_script("sitewire('event', 'offline')")
    kept = eventually(lambda: json.loads(tab.execute_script("return sessionStorage['sitewire.outbox']")))
    tab.execute_cdp_cmd("Network.emulateNetworkConditions", ONLINE)

    eventually(lambda: endpoint.events("offline"))

    assert _ids(endpoint)[1:] == [kept[0][0]]


def test_what_is_left_goes_as_a_beacon_when_the_page_is_left(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    tab.get(pages.address)
    tab.execute_script("sitewire('event', 'goodbye'); location = 'about:blank'")

    eventually(lambda: endpoint.events("goodbye"))

    modes = [request.headers["sec-fetch-mode"] for request in endpoint.received if b"goodbye" in request.body]
    assert modes == ["no-cors"]
    assert {request.method for request in endpoint.received} == {"POST"}


def test_many_events_are_sent_in_batches_that_the_api_takes(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    tab.get(pages.address)
    tab.execute_script(
        "for (let i = 0; i < 250; i++) sitewire('event', 'small', {i});"
        "const props = Object.fromEntries([...Array(20).keys()].map((i) => [i, '\\u20ac'.repeat(200)]));"
        "for (let i = 0; i < 12; i++) sitewire('event', 'large', props)"
    )

    eventually(lambda: len(endpoint.events("large")) == 12)

    assert len(endpoint.events("small")) == 250
    assert max(len(batch["events"]) for batch in endpoint.batches()) <= MOST_EVENTS
    assert max(len(request.body) for request in endpoint.received) < 60_000
    assert len(set(_ids(endpoint))) == len(endpoint.batches())


def test_what_waits_is_bounded(tab: Chrome, pages: Pages, endpoint: Endpoint) -> None:
    endpoint.failures = [503] * 100
    tab.get(pages.address)
    eventually(endpoint.batches)
    tab.execute_script("for (let i = 0; i < 20; i++) history.pushState({}, '', `/${i}`)")

    kept = json.loads(tab.execute_script("return sessionStorage['sitewire.outbox']"))

    assert len(kept) == 10
