"""Page views and events over HTTP: accepted, refused, and what of them reaches the queue."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.names import Names
from local.logs import read_logs
from shared.ids import uuid7
from tests.e2e.conftest import SITE, Site, eventually
from tests.e2e.workers import receive

BEACON = {"Origin": SITE, "Content-Type": "text/plain;charset=UTF-8", "User-Agent": "Mozilla/5.0 Probe/1.0"}
VIEW: dict[str, Any] = {"type": "pageview", "url": f"{SITE}/engines/", "referrer": "https://search.example/"}
DONE: dict[str, Any] = {"type": "event", "url": f"{SITE}/engines", "name": "download", "props": {"file": "a.pdf"}}
ADDRESS = re.compile(r"\b127\.0\.0\.1\b|::1")


@pytest.fixture
def queue(site: Site) -> Iterator[str]:
    """Return the URL of the queue, which nobody reads for as long as the test runs."""
    lambda_, url = site.aws("lambda"), site.outputs["queues"]["aggregate_analytics"]
    arn = site.aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    (source,) = lambda_.list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
    lambda_.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    try:
        receive(site, url)
        yield url
    finally:
        lambda_.update_event_source_mapping(UUID=source["UUID"], Enabled=True)


def send(site: Site, *sent: dict[str, Any], headers: dict[str, str] | None = None, **members: Any) -> Any:
    body = json.dumps({"events": sent, **members})
    return site.call("POST", "/api/analytics", data=body, headers={**BEACON, **(headers or {})})


def messages(site: Site, queue: str) -> list[dict[str, Any]]:
    return [json.loads(message["Body"]) for message in eventually(lambda: receive(site, queue))]


@pytest.mark.parametrize("media_type", ["text/plain;charset=UTF-8", "application/json"])
def test_a_request_is_accepted_and_is_one_message(site: Site, queue: str, media_type: str) -> None:
    answer = send(site, VIEW, DONE, headers={"Content-Type": media_type})

    document = answer.json()
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == document["status_url"] == site.url(f"/api/operations/{document['id']}")
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    (message,) = messages(site, queue)
    part = message["data"]
    assert message["id"] == part["batch"] == document["id"]
    assert (part["site"], part["parts"], part["user_agent"]) == ("example.org", 1, BEACON["User-Agent"])
    assert [event[1:3] for event in part["events"]] == [["/engines", ""], ["/engines", "download"]]
    assert re.fullmatch(r"[A-Za-z0-9_-]{16}", part["visitor"])


def test_a_batch_that_is_sent_again_has_the_same_id(site: Site, queue: str) -> None:
    batch = uuid7()

    ids = {send(site, VIEW, id=batch).json()["id"] for _ in range(2)}
    keyed = {send(site, VIEW, headers={"Idempotency-Key": "visit-1"}).json()["id"] for _ in range(2)}

    assert ids == {batch}
    assert len(keyed) == 1
    assert {message["id"] for message in messages(site, queue)} <= ids | keyed


def test_a_visitor_is_the_same_in_every_request_of_a_day(site: Site, queue: str) -> None:
    for _ in range(3):
        send(site, VIEW)

    found: list[dict[str, Any]] = []
    while len(found) < 3:
        found += messages(site, queue)
    assert len({message["data"]["visitor"] for message in found}) == 1


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_page_of_another_site_is_refused(site: Site, origin: str) -> None:
    answer = send(site, VIEW, headers={"Origin": origin})

    assert (answer.status_code, answer.json()["type"]) == (403, "urn:sitewire:problem:foreign-origin")
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("sent", "pointers"),
    [
        ([{**VIEW, "url": "https://evil.example/"}], ["/events/0/url"]),
        ([VIEW, {**VIEW, "name": "x"}], ["/events/1/name"]),
        ([{**DONE, "screen": "wide"}], ["/events/0/screen"]),
        ([], ["/events"]),
        ([VIEW] * 101, ["/events"]),
    ],
    ids=["a foreign page", "a page view with a name", "a wide screen", "nothing", "too many"],
)
def test_each_wrong_field_is_pointed_at(site: Site, sent: list[dict[str, Any]], pointers: list[str]) -> None:
    answer = send(site, *sent)

    problem = answer.json()
    assert answer.status_code == problem["status"] == 400
    assert [error["pointer"] for error in problem["errors"]] == pointers
    assert answer.headers["Access-Control-Allow-Origin"] == SITE


def test_a_beacon_needs_no_preflight_and_json_is_granted_one(site: Site) -> None:
    asked = {"Origin": SITE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}

    answer = site.call("OPTIONS", "/api/analytics", headers=asked)

    assert answer.ok
    assert answer.headers["Access-Control-Allow-Origin"] == SITE


def test_no_message_and_no_log_line_holds_an_address(site: Site, queue: str) -> None:
    answer = send(site, VIEW)

    (message,) = messages(site, queue)
    group = site.outputs["log_groups"]["ingest_analytics"]
    lines = eventually(
        lambda: [
            event.message
            for event in read_logs(site.aws("logs"), {"ingest_analytics": group})
            if answer.json()["id"] in event.message
        ]
    )
    assert not ADDRESS.search(json.dumps(message))
    assert not [line for line in lines if ADDRESS.search(line) or BEACON["User-Agent"] in line]


def test_a_days_salt_is_kept_as_a_secret_and_removed_by_its_function(site: Site, queue: str) -> None:
    send(site, VIEW)
    (message,) = messages(site, queue)
    ssm, salts = site.aws("ssm"), Names(site.outputs["stage"]).salts

    salt = ssm.get_parameter(Name=f"{salts}{message['data']['day']}", WithDecryption=True)["Parameter"]
    site.plant(salt["Value"])
    old = f"{salts}{datetime.now(UTC).date() - timedelta(days=10)}"
    ssm.put_parameter(Name=old, Value="probe", Type="SecureString")
    ran = site.aws("lambda").invoke(FunctionName=site.outputs["functions"]["remove_salts"], Payload=b"{}")

    assert salt["Type"] == "SecureString"
    assert "FunctionError" not in ran, ran["Payload"].read()
    assert ssm.get_parameters(Names=[salt["Name"], old])["InvalidParameters"] == [old]
