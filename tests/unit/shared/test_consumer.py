import json
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from botocore.exceptions import ClientError

from schemas.events import ContactSubmitted
from shared.consumer import Outcome
from tests.unit import events
from tests.unit.shared.consumers import Bench, Context, failures

CANARY = "kanarienvogel-4711"
POISON = "no json"


def body(number: int = 1, **submission: Any) -> str:
    message_id = f"01990000-0000-7000-8000-{number:012d}"
    return events.delivered(events.contact_submitted(message_id=message_id, submission=submission))


def applied(_event: ContactSubmitted) -> Outcome:
    return Outcome.APPLIED


def duplicate(_event: ContactSubmitted) -> Outcome:
    return Outcome.DUPLICATE


def recorder(given: list[ContactSubmitted]) -> Callable[[ContactSubmitted], Outcome]:
    """Return a worker that only notes what it was given."""

    def apply(event: ContactSubmitted) -> Outcome:
        given.append(event)
        return Outcome.APPLIED

    return apply


def broken(_event: ContactSubmitted) -> NoReturn:
    raise ValueError(CANARY)


def throttled(_event: ContactSubmitted) -> NoReturn:
    raise ClientError({"Error": {"Code": "ThrottlingException", "Message": CANARY}}, "TransactWriteItems")


def test_a_worker_is_given_the_events_of_its_queue() -> None:
    given: list[ContactSubmitted] = []
    bench = Bench(recorder(given))

    bench.deliver(body(1), body(2))

    assert [event.id[-1] for event in given] == ["1", "2"]
    assert given[0].data.submission["email"] == "ada@example.org"


def test_what_was_processed_leaves_the_queue() -> None:
    assert Bench(applied).deliver(body(1), body(2)) == {"batchItemFailures": []}


def test_what_failed_is_delivered_again() -> None:
    assert Bench(broken).deliver(body(1), body(2)) == failures(0, 1)


def test_poison_harms_no_other_record() -> None:
    given: list[ContactSubmitted] = []
    bench = Bench(recorder(given))

    answer = bench.deliver(body(1), POISON, body(2), POISON, body(3))

    assert answer == failures(1, 3)
    assert len(given) == 3


def test_one_batch_knows_nothing_of_the_failures_of_another() -> None:
    bench = Bench(applied)

    bench.deliver(POISON)

    assert bench.deliver(body(1)) == {"batchItemFailures": []}


@pytest.mark.parametrize(
    "poison",
    ["", "null", "[]", "5", "{}", '{"detail": null}', '{"detail": {}}', '{"detail": []}', "{" * 5000, "\ud800", "\x00"],
    ids=lambda poison: ascii(poison[:20]),
)
def test_what_is_no_message_stays_in_the_queue(poison: str) -> None:
    assert Bench(applied).deliver(poison) == failures(0)


def test_a_message_is_not_begun_that_the_invocation_could_not_end() -> None:
    given: list[ContactSubmitted] = []
    bench = Bench(recorder(given))

    answer = bench.deliver(body(1), body(2), context=Context(remaining_seconds=1))

    assert answer == failures(0, 1)
    assert given == []


@pytest.mark.parametrize("apply", [applied, broken])
def test_each_line_carries_the_ids_that_lead_to_the_message(apply: Any) -> None:
    bench = Bench(apply)

    bench.deliver(body(1))

    (line,) = bench.log_lines
    assert line["correlation_id"] == "7d0f2e1c-5b2a-4f1e-9c63-2f6a1b0c9d8e"
    assert line["message_id"] == "01990000-0000-7000-8000-000000000001"
    assert (line["sqs_message_id"], str(line["receive_count"])) == ("message-0", "1")


def test_the_ids_of_one_record_are_not_in_the_lines_of_the_next() -> None:
    bench = Bench(applied)

    bench.deliver(body(1), POISON)

    assert "correlation_id" not in bench.log_lines[1]


@pytest.mark.parametrize(
    ("apply", "line"),
    [
        (applied, {"level": "INFO", "message": "message processed", "outcome": "Applied"}),
        (duplicate, {"level": "INFO", "message": "message processed", "outcome": "Duplicate"}),
        (broken, {"level": "ERROR", "message": "message failed", "error": "ValueError", "error_code": ""}),
        (
            throttled,
            {
                "level": "ERROR",
                "message": "message failed",
                "error": "ClientError",
                "error_code": "ThrottlingException",
            },
        ),
    ],
)
def test_a_line_tells_what_became_of_the_message(apply: Any, line: dict[str, str]) -> None:
    bench = Bench(apply)

    bench.deliver(body(1))

    (written,) = bench.log_lines
    assert written.items() >= line.items()
    assert written["service"] == bench.service


def test_a_line_tells_which_fields_of_a_record_do_not_fit() -> None:
    bench = Bench(applied)

    bench.deliver(body(1, email=CANARY))

    (line,) = bench.log_lines
    assert line["problems"] == [{"type": "string_pattern_mismatch", "field": ["detail", "data", "submission", "email"]}]


@pytest.mark.parametrize("apply", [applied, broken, throttled])
@pytest.mark.parametrize(
    "submission",
    [
        {"message": CANARY},
        {"name": f"{CANARY}\x00"},
        {"email": CANARY},
        {"phone": CANARY},
        {"fields": {"company": [CANARY]}},
        {"fields": {f"<{CANARY}>": "x"}},
        {CANARY: "x"},
    ],
    ids=lambda submission: ascii(submission)[:40],
)
def test_no_line_holds_what_a_visitor_wrote(apply: Any, submission: dict[str, Any]) -> None:
    bench = Bench(apply)

    bench.deliver(body(1, **submission))

    assert bench.log_lines
    assert CANARY not in bench.written


def test_what_became_of_messages_is_counted() -> None:
    outcomes = iter([Outcome.APPLIED, Outcome.DUPLICATE, Outcome.APPLIED])
    bench = Bench(lambda _event: next(outcomes))

    bench.deliver(body(1), POISON, body(2), body(3))

    metrics = bench.metrics
    assert {name: sum(metrics[name]) for name in ("Applied", "Duplicate", "Failed")} == {
        "Applied": 2,
        "Duplicate": 1,
        "Failed": 1,
    }


def test_a_message_from_the_future_took_no_time() -> None:
    bench = Bench(applied)
    detail = events.contact_submitted(occurred_at="2999-01-01T00:00:00Z")

    bench.deliver(json.dumps({"detail": detail}))

    assert bench.metrics["AcceptedToApplied"] == [0]
