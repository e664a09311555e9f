"""Messages that come before those which they follow."""

import pytest

from schemas.events import ContactSubmitted
from shared.consumer import Outcome
from shared.delivery import EarlyError
from tests.unit import events
from tests.unit.shared.consumers import Bench, failures

BODY = events.delivered(events.contact_submitted())


class Waiter:
    """A worker for which the message comes too early until it is told otherwise."""

    def __init__(self) -> None:
        self.is_ready = False
        self.is_broken = False
        self.given_up: list[tuple[str, str]] = []

    def apply(self, _event: ContactSubmitted) -> Outcome:
        if self.is_broken:
            raise OSError
        if self.is_ready:
            return Outcome.APPLIED
        raise EarlyError("not_found")

    def reject(self, event: ContactSubmitted, reason: str) -> Outcome:
        self.given_up.append((event.id, reason))
        return Outcome.REJECTED


@pytest.fixture
def waiter() -> Waiter:
    return Waiter()


@pytest.mark.parametrize("deliveries", [(1,), (1, 2), (5,), (3, 4), (1, 1, 1)], ids=str)
def test_a_message_that_comes_too_early_stays_in_the_queue(waiter: Waiter, deliveries: tuple[int, ...]) -> None:
    bench = Bench(waiter.apply, reject=waiter.reject)

    answers = [bench.deliver(BODY, receive_count=number) for number in deliveries]

    assert answers == [failures(0)] * len(deliveries)
    assert waiter.given_up == []


@pytest.mark.parametrize("deliveries", [(1, 2, 3), (1, 3, 5), (3, 4, 5)], ids=str)
def test_a_message_that_came_too_early_three_times_is_given_up_with_the_reason(
    waiter: Waiter, deliveries: tuple[int, ...]
) -> None:
    bench = Bench(waiter.apply, reject=waiter.reject)

    answers = [bench.deliver(BODY, receive_count=number) for number in deliveries]

    assert answers == [failures(0), failures(0), {"batchItemFailures": []}]
    assert waiter.given_up == [("01990000-0000-7000-8000-000000000001", "not_found")]


def test_a_delivery_that_fails_otherwise_does_not_shorten_the_wait(waiter: Waiter) -> None:
    bench = Bench(waiter.apply, reject=waiter.reject)
    for number, is_broken in ((1, True), (2, True), (3, False), (4, True), (5, False)):
        waiter.is_broken = is_broken

        assert bench.deliver(BODY, receive_count=number) == failures(0)

    assert waiter.given_up == []


def test_a_message_that_has_its_turn_at_last_is_applied_all_the_same(waiter: Waiter) -> None:
    waiter.is_ready = True

    answer = Bench(waiter.apply, reject=waiter.reject).deliver(BODY, receive_count=3)

    assert answer == {"batchItemFailures": []}
    assert waiter.given_up == []


def test_where_nothing_is_given_up_a_message_waits_until_its_queue_gives_up(waiter: Waiter) -> None:
    assert Bench(waiter.apply).deliver(BODY, receive_count=4) == failures(0)


def test_a_message_that_waits_is_no_failure_of_the_worker(waiter: Waiter) -> None:
    bench = Bench(waiter.apply, reject=waiter.reject)

    bench.deliver(BODY)

    (line,) = bench.log_lines
    assert (line["level"], line["message"]) == ("INFO", "message waits for an earlier one")
    assert bench.metrics == {"BatchSize": [1], "Early": [1]}


def test_a_message_that_was_given_up_is_counted_as_what_became_of_it(waiter: Waiter) -> None:
    bench = Bench(waiter.apply, reject=waiter.reject)

    for number in (1, 2, 3):
        bench.deliver(BODY, receive_count=number)

    assert bench.metrics["Rejected"] == [1]
    assert bench.log_lines[-1]["outcome"] == "Rejected"


def test_a_message_that_waits_holds_up_no_other(waiter: Waiter) -> None:
    given: list[str] = []

    def apply(event: ContactSubmitted) -> Outcome:
        if event.id.endswith("1"):
            return waiter.apply(event)
        given.append(event.id[-1])
        return Outcome.APPLIED

    second = events.delivered(events.contact_submitted(message_id="01990000-0000-7000-8000-000000000002"))

    assert Bench(apply, reject=waiter.reject).deliver(BODY, second) == failures(0)
    assert given == ["2"]
