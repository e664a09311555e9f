import json
import time
from typing import Any

import boto3
import pytest

from cli.dead_letters.causes import UNKNOWN
from cli.dead_letters.errors import UnknownQueueError
from cli.dead_letters.messages import parse
from cli.dead_letters.peek import Group, grouped, oldest_sent_at, peek
from cli.dead_letters.sweep import Sweep, hold_seconds
from infra.names import Names
from tests.functional.cli.dead_letters.queueing import (
    ARN,
    STAGE,
    STORE,
    Desk,
    event,
    pixel,
    undelivered,
    visit,
)

VISITS = "aggregate_analytics"


def write_log(*lines: dict[str, Any] | str, function: str = STORE) -> None:
    logs: Any = boto3.client("logs")
    group = Names(STAGE).log_group(function)
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="one")
    texts = [line if isinstance(line, str) else json.dumps({"level": "ERROR", **line}) for line in lines]
    now = int(time.time() * 1000)
    events = [{"timestamp": now + place, "message": text} for place, text in enumerate(texts)]
    logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=events)


def groups(desk: Desk, name: str = STORE) -> list[Group]:
    queue = desk.queue(name)
    return grouped(boto3.client("logs"), queue, peek(desk.sqs, queue, 100))


def test_messages_are_grouped_by_what_the_worker_wrote_about_them(desk: Desk) -> None:
    poison = desk.put("poison")
    desk.fill(3)
    desk.put(event(9, "Other"))
    denied = {"message": "message failed", "error": "ClientError", "error_code": "AccessDeniedException"}
    problem = {"type": "missing", "field": ["detail", "data"]}
    write_log(
        "START RequestId: ERROR",
        {"message": "message failed", "error": "Older", "error_code": "", "message_id": "event-0"},
        *({**denied, "message_id": f"event-{number}"} for number in (0, 1)),
        {"message": "record is not a message of this consumer", "problems": [problem], "sqs_message_id": poison},
        {"level": "INFO", "message": "no ERROR", "message_id": "event-2"},
    )

    found = {(group.cause, group.event): [letter.id for letter in group.letters] for group in groups(desk)}

    assert found == {
        ("message failed: ClientError AccessDeniedException", "ContactSubmitted"): ["event-0", "event-1"],
        ("record is not a message of this consumer: missing at detail.data", None): [poison],
        (UNKNOWN, "ContactSubmitted"): ["event-2"],
        (UNKNOWN, "Other"): ["event-9"],
    }


def test_visits_are_explained_by_the_worker_that_counts_them(desk: Desk) -> None:
    desk.put(visit(1), name=VISITS)
    desk.put(pixel("hit-2"), name=VISITS)
    junk = desk.put('{"pixel": "none"}', name=VISITS)
    failed = {"message": "message failed", "error": "AwsError", "error_code": "ThrottlingException"}
    write_log(
        {**failed, "message_id": "batch-1"},
        {**failed, "message_id": "hit-2"},
        {"message": "record is not a message of this consumer", "error": "ValueError", "sqs_message_id": junk},
        function=VISITS,
    )

    found = {
        (group.cause, group.event): [(letter.id, letter.correlation_id) for letter in group.letters]
        for group in groups(desk, VISITS)
    }

    assert found == {
        ("message failed: AwsError ThrottlingException", "RecordAnalytics"): [("batch-1", "trace-1")],
        ("message failed: AwsError ThrottlingException", "pixel"): [("hit-2", "hit-2")],
        ("record is not a message of this consumer: ValueError", "pixel"): [(junk, None)],
    }


def test_a_group_tells_ids_times_and_receives(desk: Desk) -> None:
    desk.fill(2)
    peek(desk.sqs, desk.queue(), 10)

    document = groups(desk)[0].document()

    assert (document["count"], document["ids"], document["receive_count"]) == (2, ["event-0", "event-1"], 2)
    assert document["messages"][1]["correlation_id"] == "trace-1"
    assert document["first_at"] <= document["last_at"]


def test_what_a_rule_could_not_deliver_is_grouped_by_error_and_target(desk: Desk) -> None:
    desk.put(event(1), undelivered(), "undelivered")
    desk.put(event(2), undelivered(ARN.replace("store", "notify")), "undelivered")

    assert {group.cause for group in groups(desk, "undelivered")} == {
        "NO_PERMISSIONS: Access denied (to sitewire-local-store-contact)",
        "NO_PERMISSIONS: Access denied (to sitewire-local-notify-contact)",
    }


def test_nothing_is_hidden_after_a_look(desk: Desk) -> None:
    desk.fill(35)

    looked_at = peek(desk.sqs, desk.queue(), 100)

    assert len({message.message_id for message in looked_at}) == 35
    assert (desk.depth().visible, desk.depth().hidden) == (35, 0)


def test_nothing_is_hidden_after_a_look_that_failed(desk: Desk) -> None:
    desk.fill(35)

    def fail_at_the_third(sweep: Sweep) -> None:
        with sweep:
            for place, _ in enumerate(sweep.batches()):
                if place == 2:
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_at_the_third(Sweep(desk.sqs, desk.queue().url, hold_seconds=60))

    assert (desk.depth().visible, desk.depth().hidden) == (35, 0)


def test_a_look_at_a_few_receives_only_those(desk: Desk) -> None:
    desk.fill(20)

    assert len(peek(desk.sqs, desk.queue(), 3)) == 3
    receives = [message["Attributes"]["ApproximateReceiveCount"] for message in desk.left()]
    assert sorted(receives) == ["1"] * 17 + ["2"] * 3


def test_the_oldest_message_is_found(desk: Desk) -> None:
    assert oldest_sent_at(desk.sqs, desk.queue()) is None
    before = time.time()
    desk.fill(12)

    oldest = oldest_sent_at(desk.sqs, desk.queue())

    assert oldest is not None
    assert before - 1 <= oldest <= time.time()


def test_a_sweep_of_messages_that_come_back_too_soon_ends(desk: Desk) -> None:
    desk.fill(15)

    with Sweep(desk.sqs, desk.queue().url, hold_seconds=0) as sweep:
        met = [message.message_id for batch in sweep.batches() for message in batch]

    assert len(met) == len(set(met))


@pytest.mark.parametrize(
    ("depth", "rate", "seconds"), [(0, None, 30), (1000, None, 50), (100, 1.0, 130), (10_000_000, None, 3600)]
)
def test_messages_are_held_for_about_as_long_as_a_sweep_takes(depth: int, rate: float | None, seconds: int) -> None:
    assert hold_seconds(depth, rate=rate) == seconds


@pytest.mark.parametrize("name", ["store_contact", "store-contact", "sitewire-local-store-contact-dlq"])
def test_a_queue_has_a_short_name_and_sqss(desk: Desk, name: str) -> None:
    assert desk.queue(name).name == "store_contact"


def test_an_unknown_queue_lists_what_exists(desk: Desk) -> None:
    with pytest.raises(UnknownQueueError) as raised:
        desk.queue("nobody")

    assert (
        str(raised.value)
        == "there is no queue nobody; there are store_contact, notify_contact, apply_project, aggregate_analytics, "
        "undelivered"
    )


def test_memory_is_bounded_by_a_batch(desk: Desk, show_figure: Any) -> None:
    count, alive, most = 300, 0, 0

    class Body(dict[str, Any]):
        def __init__(self, message: dict[str, Any]) -> None:
            nonlocal alive, most
            super().__init__(message)
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    desk.fill(count)
    real = parse

    def counted(message: dict[str, Any]) -> Any:
        letter = real(message)
        return letter._replace(event=Body(dict(letter.event)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cli.dead_letters.sweep.parse", counted)
        report = desk.replay()

    show_figure(f"replay of {count} messages: at most {most} in memory at a time")
    assert report.counts.total() == count
    assert most <= 20
