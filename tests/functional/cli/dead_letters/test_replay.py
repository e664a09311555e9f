import json
import time
from typing import Any

import pytest

from cli.dead_letters import sweep
from cli.dead_letters.messages import REPLAYS
from cli.dead_letters.queues import _time_at_sqs
from cli.dead_letters.replay import Fate, Options
from cli.dead_letters.selection import Selection
from tests.functional.cli.dead_letters.queueing import (
    ARN,
    STORE,
    Desk,
    event,
    numbers,
    pixel,
    undelivered,
    visit,
)

BINARY = {"DataType": "Binary", "BinaryValue": b"\x00\xff"}


def replays(count: int) -> dict[str, Any]:
    return {REPLAYS: {"DataType": "Number", "StringValue": str(count)}}


def test_messages_go_back_to_the_worker_that_failed_on_them(desk: Desk) -> None:
    desk.fill(25)

    report = desk.replay()

    assert report.counts == {Fate.REPLAYED: 25}
    assert numbers(desk.delivered()) == list(range(25))
    assert desk.depth().total == 0


def test_body_and_attributes_are_kept_and_the_replay_is_counted(desk: Desk) -> None:
    desk.put("not even an event", {"own": BINARY, **replays(1)})

    desk.replay()

    (message,) = desk.delivered()
    assert message["Body"] == "not even an event"
    assert message["MessageAttributes"]["own"]["BinaryValue"] == b"\x00\xff"
    assert message["MessageAttributes"][REPLAYS] == {"DataType": "Number", "StringValue": "2"}


def test_what_a_rule_could_not_deliver_goes_to_its_target(desk: Desk) -> None:
    desk.put(event(1), undelivered(), "undelivered")
    desk.put(event(2), undelivered(ARN.replace("store", "notify")), "undelivered")

    desk.replay("undelivered")

    assert numbers(desk.delivered()) == [1]
    assert numbers(desk.delivered("notify_contact")) == [2]


def test_visits_go_back_to_the_worker_that_counts_them_as_they_were(desk: Desk) -> None:
    for body in (visit(1), visit(2), pixel("hit-3")):
        desk.put(body, name="aggregate_analytics")

    report = desk.replay("aggregate_analytics", selection=Selection(ids=["batch-2", "hit-3"]))

    assert report.counts == {Fate.REPLAYED: 2, Fate.NOT_SELECTED: 1}
    delivered = [message["Body"] for message in desk.delivered("aggregate_analytics")]
    assert sorted(delivered) == sorted([visit(2), pixel("hit-3")])


@pytest.mark.parametrize("target", ["arn:aws:sqs:eu-central-1:123456789012:somebody-elses", ""])
def test_what_has_no_queue_of_this_stage_as_target_stays(desk: Desk, target: str) -> None:
    desk.put(event(1), undelivered(target) if target else None, "undelivered")

    report = desk.replay("undelivered")

    assert report.counts == {Fate.NO_DESTINATION: 1}
    assert report.failed
    assert numbers(desk.left("undelivered")) == [1]


def test_another_destination_can_be_named(desk: Desk) -> None:
    desk.fill(2)

    desk.replay(to=desk.queues.work_queue("notify_contact"))

    assert numbers(desk.delivered("notify_contact")) == [0, 1]
    assert desk.delivered() == []


def test_only_what_is_selected_is_replayed_and_the_rest_is_visible(desk: Desk) -> None:
    for number in range(30):
        desk.put(event(number, "ContactSubmitted" if number % 3 else "Other"))

    report = desk.replay(selection=Selection(expression="detail.name == 'Other'"))

    assert report.counts == {Fate.REPLAYED: 10, Fate.NOT_SELECTED: 20}
    assert numbers(desk.delivered()) == list(range(0, 30, 3))
    assert numbers(desk.left()) == [number for number in range(30) if number % 3]


def test_ids_of_events_and_of_sqs_select(desk: Desk) -> None:
    by_sqs = desk.put("poison")
    desk.fill(3)
    selection = Selection(ids=[by_sqs, "event-2", "event-9"])

    desk.replay(selection=selection)

    assert sorted(message["Body"] for message in desk.delivered()) == sorted(["poison", event(2)])
    assert selection.missing == ["event-9"]


def test_a_span_of_time_selects(desk: Desk) -> None:
    desk.fill(1)
    now = time.time()

    before = desk.replay(selection=Selection(until=now - 60))
    after = desk.replay(selection=Selection(since=now - 60, until=now + 60))

    assert (before.counts[Fate.REPLAYED], after.counts[Fate.REPLAYED]) == (0, 1)


def test_the_limit_holds_with_and_without_a_filter(desk: Desk) -> None:
    desk.fill(30)

    plain = desk.replay(limit=13)
    filtered = desk.replay(selection=Selection(expression="detail"), limit=7)

    assert (plain.counts[Fate.REPLAYED], filtered.counts[Fate.REPLAYED]) == (13, 7)
    assert len(desk.delivered()) == 20
    assert len(desk.left()) == 10


def test_a_limit_takes_out_no_more_than_it_needs(desk: Desk) -> None:
    desk.fill(20)

    desk.replay(limit=3)

    assert [message["Attributes"]["ApproximateReceiveCount"] for message in desk.left()] == ["1"] * 17


def test_the_rate_is_held(desk: Desk) -> None:
    desk.fill(10)
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    desk.run(STORE, Selection(), Options(rate=4), clock=lambda: now, sleep=sleep)

    # The last messages of ten, at four a second, are due after two seconds.
    assert 2 <= now <= 2.5
    assert len(desk.delivered()) == 10


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    desk.fill(12)
    desk.put(event(12), replays(3))

    report = desk.replay(dry_run=True)

    assert report.counts == {Fate.REPLAYED: 12, Fate.EXHAUSTED: 1}
    assert desk.delivered() == []
    left = desk.left()
    assert numbers(left) == list(range(13))
    assert sum(REPLAYS in message.get("MessageAttributes", {}) for message in left) == 1


def test_what_was_replayed_as_often_as_allowed_stays_and_is_told(desk: Desk) -> None:
    desk.put(event(2), replays(2))
    desk.put(event(3), replays(3))

    report = desk.replay()
    more = desk.replay(max_attempts=4)

    assert (report.counts[Fate.REPLAYED], report.counts[Fate.EXHAUSTED]) == (1, 1)
    assert report.examples[Fate.EXHAUSTED] == ["event-3"]
    assert report.failed
    assert more.counts == {Fate.REPLAYED: 1}


def test_poison_that_comes_back_during_the_run_is_left_to_the_next(desk: Desk) -> None:
    desk.fill(15)

    def fails_at_once(real: Any, **request: Any) -> Any:
        time.sleep(1.1)
        for entry in request["Entries"]:
            desk.put(entry["MessageBody"], entry["MessageAttributes"])
        return real(**request)

    with desk.instead("send_message_batch", fails_at_once):
        first = desk.replay()
        second = desk.replay(max_attempts=1)

    assert first.counts == {Fate.REPLAYED: 15, Fate.CAME_BACK: 15}
    assert second.counts == {Fate.EXHAUSTED: 15}
    assert [message["MessageAttributes"][REPLAYS]["StringValue"] for message in desk.left()] == ["1"] * 15


def test_only_the_entries_that_sqs_refused_are_sent_again(desk: Desk) -> None:
    desk.fill(10)
    calls: list[list[str]] = []

    def three_fail(real: Any, **request: Any) -> Any:
        entries = request["Entries"]
        calls.append([entry["Id"] for entry in entries])
        if len(calls) > 1:
            return real(**request)
        answer = real(QueueUrl=request["QueueUrl"], Entries=entries[3:])
        failed = [{"Id": entry["Id"], "Code": "InternalError", "SenderFault": False} for entry in entries[:3]]
        return {**answer, "Failed": failed}

    with desk.instead("send_message_batch", three_fail):
        report = desk.run(STORE, Selection(), Options(), sleep=lambda _: None)

    assert calls == [[str(place) for place in range(10)], ["0", "1", "2"]]
    assert report.counts == {Fate.REPLAYED: 10}
    assert numbers(desk.delivered()) == list(range(10))


@pytest.mark.parametrize("sender_fault", [True, False])
def test_what_sqs_does_not_take_is_not_deleted(desk: Desk, sender_fault: bool) -> None:
    desk.fill(10)

    def one_fails(real: Any, **request: Any) -> Any:
        bad = [entry for entry in request["Entries"] if json.loads(entry["MessageBody"])["detail"]["id"] == "event-4"]
        good = [entry for entry in request["Entries"] if entry not in bad]
        answer = real(QueueUrl=request["QueueUrl"], Entries=good) if good else {}
        return {**answer, "Failed": [{"Id": bad[0]["Id"], "Code": "Refused", "SenderFault": sender_fault}]}

    with desk.instead("send_message_batch", one_fails):
        report = desk.run(STORE, Selection(), Options(), sleep=lambda _: None)

    assert report.counts == {Fate.REPLAYED: 9, Fate.NOT_SENT: 1}
    assert report.errors == {"Refused": 1}
    assert numbers(desk.left()) == [4]


def test_a_message_that_the_answer_does_not_name_is_not_deleted(desk: Desk) -> None:
    desk.fill(1)

    with desk.instead("send_message_batch", lambda _, **__: {}):
        report = desk.run(STORE, Selection(), Options(), sleep=lambda _: None)

    assert report.counts == {Fate.NOT_SENT: 1}
    assert numbers(desk.left()) == [0]


def test_a_message_whose_digest_differs_is_not_deleted(desk: Desk) -> None:
    desk.fill(1)

    def garbled(real: Any, **request: Any) -> Any:
        answer = real(**request)
        return {"Successful": [{**done, "MD5OfMessageBody": "0" * 32} for done in answer["Successful"]]}

    with desk.instead("send_message_batch", garbled):
        report = desk.run(STORE, Selection(), Options(), sleep=lambda _: None)

    assert report.counts == {Fate.NOT_SENT: 1}
    assert numbers(desk.left()) == [0]


def test_what_can_not_be_deleted_is_told_and_visible_again(desk: Desk) -> None:
    desk.fill(10)

    def one_fails(real: Any, **request: Any) -> Any:
        entries = request["Entries"]
        answer = real(QueueUrl=request["QueueUrl"], Entries=entries[1:]) if entries[1:] else {}
        return {**answer, "Failed": [{"Id": entries[0]["Id"], "Code": "InternalError", "SenderFault": False}]}

    with desk.instead("delete_message_batch", one_fails):
        report = desk.run(STORE, Selection(), Options(), sleep=lambda _: None)

    assert report.counts == {Fate.REPLAYED: 9, Fate.NOT_DELETED: 1}
    assert len(desk.delivered()) == 10
    assert len(desk.left()) == 1


def test_an_interrupt_between_sending_and_deleting_loses_nothing(desk: Desk) -> None:
    desk.fill(25)
    deletions = 0

    def interrupted(real: Any, **request: Any) -> Any:
        nonlocal deletions
        deletions += 1
        if deletions == 2:
            raise KeyboardInterrupt
        return real(**request)

    with desk.instead("delete_message_batch", interrupted), pytest.raises(KeyboardInterrupt):
        desk.replay()
    visible = desk.depth().visible
    desk.replay()

    delivered = numbers(desk.delivered())
    assert visible == 15
    assert sorted(set(delivered)) == list(range(25))
    assert len(delivered) == 35
    assert desk.left() == []


def test_a_run_waits_for_what_a_killed_one_hides(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.fill(12)
    monkeypatch.setattr(sweep, "BATCH_SECONDS", 1)
    desk.sqs.receive_message(QueueUrl=desk.queue().url, MaxNumberOfMessages=5, VisibilityTimeout=1)

    report = desk.replay()

    assert report.counts == {Fate.REPLAYED: 12}


def test_large_messages_are_sent_in_calls_that_sqs_takes(desk: Desk) -> None:
    for _ in range(3):
        desk.put("x" * 400_000)
    sizes: list[int] = []

    def measured(real: Any, **request: Any) -> Any:
        sizes.append(sum(len(entry["MessageBody"]) for entry in request["Entries"]))
        return real(**request)

    with desk.instead("send_message_batch", measured):
        report = desk.replay()

    assert sizes == [800_000, 400_000]
    assert report.counts == {Fate.REPLAYED: 3}


@pytest.mark.parametrize(("skew", "began"), [(0.4, 100.4), (-0.9, 99.1), (1.9, 101.9), (-60, 101), (60, 101)])
def test_the_beginning_of_a_run_is_told_by_sqs_where_the_clocks_differ(skew: float, began: float) -> None:
    date = "Thu, 01 Jan 1970 00:01:40 GMT"

    assert _time_at_sqs(date, 100 + skew) == pytest.approx(began)
