"""What happens to the moments of events, and to requests that take several messages."""

from types import ModuleType, SimpleNamespace

import pytest

from shared.analytics.parts import part_id
from shared.publishing import Queue
from tests.unit.functions.ingest.visiting import ARRIVAL, BATCH, VIEW, ago, post
from tests.unit.shared.queues import MemoryParameters, MemoryQueue


@pytest.mark.parametrize(("character", "count"), [("v", 100), ("\uffff", 30)])
def test_events_with_every_field_as_long_as_it_may_be_fit(
    analytics: ModuleType, queue: MemoryQueue, character: str, count: int
) -> None:
    properties = {f"{number:02d}".ljust(64, "x"): character * 200 for number in range(20)}
    longest = {
        "type": "event", "name": "n" * 64, "props": properties, "title": character * 300, "occurred_at": ago(hours=1),
        "url": "https://example.org/".ljust(2048, "p"), "referrer": "https://a.example/".ljust(2048, "r"),
        "screen": "19200x10800", "language": "de-" + "a" * 8,
    }  # fmt: skip

    response = post(analytics, body={"id": BATCH, "events": [longest] * count})

    assert response["statusCode"] == 202
    assert sum(len(message["data"]["events"]) for message in queue.messages) == count
    assert all(len(entry["MessageBody"].encode()) <= 256 * 1024 for entry in queue.taken)
    assert {message["data"]["parts"] for message in queue.messages} == {len(queue.messages)}


def test_parts_have_ids_that_follow_from_the_batch(analytics: ModuleType, queue: MemoryQueue) -> None:
    post(
        analytics,
        body={"id": BATCH, "events": [{**VIEW, "occurred_at": ago(hours=hours)} for hours in (20, 14, 2, 1)]},
    )

    other, first = queue.messages
    assert [message["data"]["day"] for message in (first, other)] == ["2026-11-26", "2026-11-27"]
    cut = first["data"]["cut"]
    assert cut == other["data"]["cut"] != ""
    assert [first["id"], other["id"]] == [BATCH, part_id(BATCH, cut, 1)]


def test_a_request_that_comes_again_later_is_another_cut(
    analytics: ModuleType, queue: MemoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"id": BATCH, "events": [{**VIEW, "occurred_at": ago(hours=20)}, VIEW]}
    post(analytics, body=body)
    second_later = int(ARRIVAL.timestamp() + 1) * 1_000_000_000
    monkeypatch.setattr(analytics, "time", SimpleNamespace(time_ns=lambda: second_later))

    post(analytics, body=body)

    ids = [message["id"] for message in queue.messages]
    assert (ids[1], ids[3]) == (BATCH, BATCH)
    assert ids[0] != ids[2]


def test_the_first_part_is_sent_once_the_others_were_taken(
    analytics: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = MemoryQueue(lambda _call, entry: None if entry["MessageBody"].startswith(f'{{"id":"{BATCH}"') else "Full")
    monkeypatch.setattr(analytics, "queue", Queue(queue, "https://sqs.example/queue", sleep=lambda _seconds: None))

    response = post(analytics, body={"id": BATCH, "events": [{**VIEW, "occurred_at": ago(hours=20)}, VIEW]})

    assert (response["statusCode"], queue.taken) == (503, [])


def test_each_day_of_a_request_has_a_visitor_of_its_own(analytics: ModuleType, queue: MemoryQueue) -> None:
    post(analytics, {**VIEW, "occurred_at": ago(hours=20)}, VIEW)

    visitors = [message["data"]["visitor"] for message in queue.messages]
    assert len(set(visitors)) == 2


def test_events_that_are_too_old_are_not_sent(analytics: ModuleType, queue: MemoryQueue) -> None:
    response = post(
        analytics,
        {**VIEW, "occurred_at": ago(hours=23, seconds=1)},
        {**VIEW, "occurred_at": ago(hours=23)},
        VIEW,
    )

    assert response["statusCode"] == 202
    assert [len(message["data"]["events"]) for message in queue.messages] == [1, 1]


def test_a_request_of_old_events_alone_is_a_message_all_the_same(
    analytics: ModuleType, queue: MemoryQueue, parameters: MemoryParameters
) -> None:
    post(analytics, {**VIEW, "occurred_at": ago(days=3)})

    (message,) = queue.messages
    part = message["data"]
    assert (part["events"], part["day"], part["visitor"]) == ([], "2026-11-27", "")
    assert parameters.calls == []


def test_a_clock_that_is_ahead_is_believed_for_five_minutes(analytics: ModuleType, queue: MemoryQueue) -> None:
    post(analytics, {**VIEW, "occurred_at": ago(minutes=-4)}, {**VIEW, "occurred_at": ago(minutes=-6)})

    noon = 12 * 3_600_000
    assert [event[0] for event in queue.messages[0]["data"]["events"]] == [noon + 4 * 60_000, noon + 1]


def test_a_day_is_that_of_the_site(analytics: ModuleType, queue: MemoryQueue) -> None:
    late = {"type": "pageview", "url": "https://shop.example.org/", "occurred_at": "2026-11-26T23:30:00Z"}

    post(analytics, late, headers={"Origin": "https://shop.example.org"})

    part = queue.messages[0]["data"]
    assert (part["day"], part["events"][0][0]) == ("2026-11-27", 30 * 60_000)
