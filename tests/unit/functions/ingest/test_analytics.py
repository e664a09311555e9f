import base64
import json
from types import ModuleType
from typing import Any

import msgspec
import pytest

from schemas.analytics_messages import AnalyticsMessage
from shared.aws.errors import AwsRefusedError
from shared.ids import is_well_formed
from shared.publishing import Queue
from tests.unit import events
from tests.unit.functions.ingest.visiting import (
    ADDRESS,
    BATCH,
    CONTEXT,
    DONE,
    USER_AGENT,
    VIEW,
    ago,
    document_of,
    pointers,
    post,
)
from tests.unit.shared.queues import MemoryParameters, MemoryQueue


def test_the_trace_travels_with_each_message(
    analytics: ModuleType, queue: MemoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")

    post(analytics)

    assert [entry["MessageSystemAttributes"]["AWSTraceHeader"]["StringValue"] for entry in queue.taken] == [
        "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
    ]


def test_accepted_events_are_promised_with_the_place_to_ask(analytics: ModuleType, queue: MemoryQueue) -> None:
    response = post(analytics)

    document = document_of(response)
    url = f"https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v1/api/operations/{document['id']}"
    assert (response["statusCode"], response["headers"]["Retry-After"]) == (202, "1")
    assert is_well_formed(document["id"])
    assert document["status_url"] == response["headers"]["Location"] == url
    assert [message["id"] for message in queue.messages] == [document["id"]]


def test_a_request_is_one_message_of_the_contract(analytics: ModuleType, queue: MemoryQueue) -> None:
    post(analytics, headers={"X-Correlation-Id": "correlation-1"})

    (message,) = queue.messages
    msgspec.convert(message, AnalyticsMessage)
    part = message["data"]
    noon = 12 * 3_600_000
    assert (message["name"], message["correlation_id"]) == ("RecordAnalytics", "correlation-1")
    assert part.pop("visitor")
    assert part == {
        "batch": message["id"],
        "parts": 1,
        "site": "example.org",
        "day": "2026-11-27",
        "user_agent": USER_AGENT,
        "country": "DE",
        "screen": "desktop",
        "language": "en-GB",
        "events": [
            [noon, "/engines", "", ["search.example", "newsletter", "", "august", "", ""], "Engines", None],
            [noon + 1, "/engines", "download", None, "", {"file": "tables.pdf", "again": "false"}],
        ],
    }


@pytest.mark.parametrize("media_type", ["text/plain", "text/plain;charset=UTF-8", "application/json", "", None])
def test_a_body_is_json_whatever_a_beacon_calls_it(analytics: ModuleType, media_type: str | None) -> None:
    assert post(analytics, headers={"Content-Type": media_type})["statusCode"] == 202


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "application/xml"])
def test_another_media_type_is_not_read(analytics: ModuleType, queue: MemoryQueue, media_type: str) -> None:
    assert post(analytics, headers={"Content-Type": media_type})["statusCode"] == 415
    assert queue.taken == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://example.org.evil.example", ""])
def test_pages_of_other_sites_send_nothing(analytics: ModuleType, queue: MemoryQueue, origin: str) -> None:
    response = post(analytics, headers={"Origin": origin})

    assert response["statusCode"] == 403
    assert document_of(response)["type"] == "urn:sitewire:problem:foreign-origin"
    assert "Access-Control-Allow-Origin" not in response["headers"]
    assert queue.taken == []


def test_the_pages_of_a_site_may_read_the_answer(analytics: ModuleType) -> None:
    assert post(analytics)["headers"]["Access-Control-Allow-Origin"] == "https://example.org"


def test_a_server_that_names_no_origin_is_believed_the_site_of_its_first_page(
    analytics: ModuleType, queue: MemoryQueue
) -> None:
    view = {**VIEW, "url": "https://shop.example.org/basket"}

    assert post(analytics, view, headers={"Origin": None})["statusCode"] == 202
    assert queue.messages[0]["data"]["site"] == "shop"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([{**VIEW, "url": "https://evil.example/"}], ["/events/0/url"]),
        ([VIEW, {**VIEW, "url": "https://shop.example.org/"}], ["/events/1/url"]),
        ([{**VIEW, "url": "https://[::1/"}], ["/events/0/url"]),
        ([{**VIEW, "name": "x"}], ["/events/0/name"]),
        ([{**VIEW, "props": {}}], ["/events/0/props"]),
        ([{**VIEW, "name": "x", "props": {"a": 1}}, VIEW], ["/events/0/name", "/events/0/props"]),
        ([VIEW, {"type": "event", "url": VIEW["url"]}], ["/events/1/name"]),
        ([{**DONE, "name": " "}], ["/events/0/name"]),
        ([{**DONE, "props": {"a": [1], "b": None, "c": "x" * 201}}], [f"/events/0/props/{name}" for name in "abc"]),
        ([{**VIEW, "screen": "wide"}], ["/events/0/screen"]),
        ([{**VIEW, "url": "/engines"}], ["/events/0/url"]),
        ([{**VIEW, "occurred_at": "2026-11-27T12:00:00"}], ["/events/0/occurred_at"]),
        ([{**VIEW, "cookie": "x"}], ["/events/0/cookie"]),
        ([VIEW] * 101, ["/events"]),
    ],
)
def test_what_is_wrong_is_told_by_event_and_field(
    analytics: ModuleType, queue: MemoryQueue, sent: list[dict[str, Any]], expected: list[str]
) -> None:
    found = pointers(post(analytics, *sent))

    assert found[: len(expected)] == expected
    assert queue.taken == []


@pytest.mark.parametrize("body", ["{", "[]", {"events": []}, {"events": [VIEW], "id": BATCH.upper()}, {"id": BATCH}])
def test_what_is_no_batch_is_refused(analytics: ModuleType, queue: MemoryQueue, body: object) -> None:
    assert post(analytics, body=body)["statusCode"] == 400
    assert queue.taken == []


def test_a_batch_that_names_its_id_keeps_it(analytics: ModuleType, queue: MemoryQueue) -> None:
    answers = [post(analytics, body={"id": BATCH, "events": [VIEW]}) for _ in range(2)]

    assert [document_of(answer)["id"] for answer in answers] == [BATCH, BATCH]
    assert [message["id"] for message in queue.messages] == [BATCH, BATCH]


def test_a_request_that_is_sent_again_with_its_key_is_the_same_batch(analytics: ModuleType) -> None:
    first, second = (post(analytics, headers={"Idempotency-Key": "key-1"}) for _ in range(2))

    assert document_of(first) == document_of(second)


@pytest.mark.parametrize("character", ["\ufffe", "\uffff"])
def test_what_a_queue_does_not_take_as_it_is_arrives_all_the_same(
    analytics: ModuleType, queue: MemoryQueue, character: str
) -> None:
    response = post(analytics, {**VIEW, "url": f"{VIEW['url']}?utm_source=a%EF%BF%BF", "title": character})

    assert response["statusCode"] == 202
    assert queue.messages[0]["data"]["events"][0][2:5] == ["", ["", "a\uffff", "", "", "", ""], character]


def test_what_a_page_calls_itself_is_not_taken_for_the_overflow_of_a_report(
    analytics: ModuleType, queue: MemoryQueue
) -> None:
    url = f"{VIEW['url']}?utm_source=(other)&utm_term=(other)"
    post(analytics, {**VIEW, "url": url, "title": "(other)"}, {**DONE, "name": "(other)"})

    view, event = queue.messages[0]["data"]["events"]
    assert view[3:5] == [["", "other", "", "", "other", ""], "other"]
    assert event[2] == "other"


def test_a_visitor_is_known_for_a_day_by_address_and_browser(analytics: ModuleType, queue: MemoryQueue) -> None:
    post(analytics, VIEW)
    post(analytics, VIEW)
    post(analytics, VIEW, source_ip="192.0.2.18")
    post(analytics, VIEW, headers={"User-Agent": "Another/1.0"})

    first, again, elsewhere, otherwise = (message["data"]["visitor"] for message in queue.messages)
    assert first == again
    assert len({first, elsewhere, otherwise}) == 3
    assert len(first) == 16


def test_a_salt_is_fetched_once(analytics: ModuleType, parameters: MemoryParameters) -> None:
    for _ in range(3):
        post(analytics, VIEW)

    assert parameters.calls == ["GetParameter", "PutParameter", "GetParameter"]
    assert parameters.types == {"SecureString"}


def test_no_message_and_no_line_of_the_log_holds_the_address(
    analytics: ModuleType, queue: MemoryQueue, capsys: pytest.CaptureFixture[str]
) -> None:
    post(analytics)
    post(analytics, {**VIEW, "url": "https://evil.example/"})

    sent, written = json.dumps(queue.taken), capsys.readouterr().out
    assert ADDRESS not in sent
    assert "203.0.113.5" not in sent
    assert written
    assert not [secret for secret in (ADDRESS, USER_AGENT, "search.example", "tables.pdf") if secret in written]


def test_a_line_of_the_log_counts_the_parts(analytics: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    post(analytics, {**VIEW, "occurred_at": ago(hours=20)}, VIEW)

    line = json.loads(capsys.readouterr().out)
    assert (line["Accepted"], line["Parts"]) == (1, 2)
    assert {"Name": "Parts", "Unit": "Count"} in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]


def test_what_the_queue_refuses_is_not_accepted_and_can_be_sent_again(
    analytics: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = MemoryQueue(lambda _call, _entry: "ThrottlingException")
    monkeypatch.setattr(analytics, "queue", Queue(full, "https://sqs.example/queue", sleep=lambda _seconds: None))

    answer = post(analytics, body={"id": BATCH, "events": [VIEW]})
    unnamed, keyed = post(analytics, VIEW), post(analytics, VIEW, headers={"Idempotency-Key": "key-1"})

    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "5")
    assert document_of(answer)["id"] == BATCH
    assert document_of(unnamed)["id"][14] == "7"
    assert "id" not in document_of(keyed)


def test_without_a_salt_nothing_is_accepted(
    analytics: ModuleType, queue: MemoryQueue, parameters: MemoryParameters
) -> None:
    def refuse(_operation: str) -> None:
        raise AwsRefusedError(400, "AccessDeniedException")

    parameters.before = refuse

    assert post(analytics, VIEW)["statusCode"] == 503
    assert queue.taken == []


def test_a_body_over_the_limit_is_too_large(analytics: ModuleType) -> None:
    assert post(analytics, body=" " * (1024 * 1024 + 1))["statusCode"] == 413


def test_a_base64_body_is_read(analytics: ModuleType) -> None:
    event = events.http_event("api_post_analytics")
    event["body"], event["isBase64Encoded"] = base64.b64encode(event["body"].encode()).decode(), True

    assert analytics.handler(event, CONTEXT)["statusCode"] == 202
