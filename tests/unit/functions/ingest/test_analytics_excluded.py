"""Whose visits are not to be counted."""

import json
from types import ModuleType

import msgspec
import pytest

from schemas.analytics_messages import AnalyticsMessage
from shared.analytics.exclusion import Networks
from tests.unit.functions.ingest.visiting import (
    ADDRESS,
    BATCH,
    DONE,
    VIEW,
    ago,
    post,
)
from tests.unit.shared.queues import MemoryParameters, MemoryQueue


def exclude(analytics: ModuleType, monkeypatch: pytest.MonkeyPatch, *networks: str) -> None:
    monkeypatch.setattr(analytics, "excluded", Networks(networks))


def test_of_an_excluded_address_nothing_travels_but_that_it_is(
    analytics: ModuleType, queue: MemoryQueue, parameters: MemoryParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    exclude(analytics, monkeypatch, "192.0.2.0/24")
    old = {**VIEW, "occurred_at": ago(days=3), "screen": "1920x1080", "language": "de"}

    response = post(analytics, body={"id": BATCH, "events": [old, {**VIEW, "occurred_at": ago(hours=20)}, DONE]})

    (message,) = queue.messages
    msgspec.convert(message, AnalyticsMessage)
    assert (response["statusCode"], message["id"]) == (202, BATCH)
    assert message["data"] == {
        "batch": BATCH, "parts": 1, "site": "example.org", "day": "2026-11-27", "visitor": "", "user_agent": "",
        "country": "", "screen": "", "language": "", "excluded": True, "events": [],
    }  # fmt: skip
    assert parameters.calls == []


def test_who_is_excluded_is_refused_what_others_are(
    analytics: ModuleType, queue: MemoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    exclude(analytics, monkeypatch, ADDRESS)

    assert post(analytics, {**VIEW, "url": "https://evil.example/"})["statusCode"] == 400
    assert queue.taken == []


def test_another_address_is_not_excluded(
    analytics: ModuleType, queue: MemoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    exclude(analytics, monkeypatch, "192.0.2.18", "2001:db8::/32")

    post(analytics, VIEW)

    part = queue.messages[0]["data"]
    assert "excluded" not in part
    assert (len(part["events"]), len(part["visitor"])) == (1, 16)


def test_an_address_that_a_proxy_tells_is_the_one_that_is_excluded(
    analytics: ModuleType, queue: MemoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    exclude(analytics, monkeypatch, "2001:db8::/32")
    monkeypatch.setattr(analytics, "address_header", "x-visitor")

    for address in ("2001:db8::5", "2001:db9::5"):
        post(analytics, VIEW, headers={"X-Visitor": address})

    assert [message["data"].get("excluded", False) for message in queue.messages] == [True, False]


def test_an_excluded_address_is_in_no_message_and_no_line_of_the_log(
    analytics: ModuleType,
    queue: MemoryQueue,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    exclude(analytics, monkeypatch, ADDRESS)

    post(analytics)

    assert ADDRESS not in json.dumps(queue.taken) + capsys.readouterr().out
