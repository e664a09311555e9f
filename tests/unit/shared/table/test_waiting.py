import json
from typing import Any

import pytest

from shared.aws.client import JsonClient
from shared.aws.errors import AwsError
from shared.table.waiting import Fate, Waiting
from tests.unit.shared.aws.endpoints import Endpoint, answer, endpoint, refusal

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

NOTHING = answer({})
APPLIED = answer({"Item": {"PK": {"S": "LEDGER#m-1"}, "outcome": {"S": "applied"}}})
REJECTED = answer({"Item": {"outcome": {"S": "rejected"}, "reason": {"S": "conflict"}}})


class Clock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def waiting(server: Endpoint, clock: Clock) -> Waiting:
    environment = {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "session",
        "AWS_REGION": "eu-central-1", "AWS_ENDPOINT_URL": server.url,
    }  # fmt: skip
    client = JsonClient(
        service="dynamodb", target="DynamoDB_20120810", environment=environment, sleep=lambda _seconds: None
    )
    return Waiting(client, "sitewire-local", clock=clock, sleep=clock.sleep)


@pytest.mark.parametrize(
    ("entry", "fate"),
    [(APPLIED, Fate("applied", "")), (REJECTED, Fate("rejected", "conflict"))],
    ids=["applied", "rejected"],
)
def test_what_became_of_a_message_is_told_at_once_when_it_is_known(entry: bytes, fate: Fate, clock: Clock) -> None:
    with endpoint([entry]) as server:
        assert waiting(server, clock).fate("m-1", "apply_project", seconds=5) == fate

    assert clock.waits == []


def test_the_entry_of_that_consumer_is_read_as_it_is_now(clock: Clock) -> None:
    with endpoint([APPLIED]) as server:
        waiting(server, clock).fate("m-1", "apply_project", seconds=5)

    (received,) = server.received
    assert received.headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert json.loads(received.body) == {
        "TableName": "sitewire-local",
        "Key": {"PK": {"S": "LEDGER#m-1"}, "SK": {"S": "apply_project"}},
        "ConsistentRead": True,
    }


def test_it_is_looked_for_again_at_growing_intervals_until_it_is_known(clock: Clock) -> None:
    with endpoint([*[NOTHING] * 7, APPLIED]) as server:
        assert waiting(server, clock).fate("m-1", "apply_project", seconds=5) == Fate("applied", "")

    assert clock.waits == [0.05, 0.1, 0.15, 0.2, 0.25, 0.25, 0.25]


@pytest.mark.parametrize("seconds", [1, 2, 5])
def test_nobody_waits_longer_than_they_wish(seconds: int, clock: Clock) -> None:
    with endpoint([NOTHING] * 100) as server:
        assert waiting(server, clock).fate("m-1", "apply_project", seconds=seconds) is None

    assert seconds - 0.25 <= sum(clock.waits) <= seconds


def test_the_time_that_a_look_takes_is_part_of_the_wait(clock: Clock) -> None:
    def slow(seconds: float) -> None:
        clock.waits.append(seconds)
        clock.now += 1

    with endpoint([NOTHING] * 100) as server:
        found = waiting(server, clock)
        found._sleep = slow
        assert found.fate("m-1", "apply_project", seconds=3) is None

    assert len(clock.waits) == 3


def test_a_table_that_refuses_is_an_error_of_aws(clock: Clock) -> None:
    with endpoint([refusal("400 Bad Request", "AccessDeniedException")]) as server, pytest.raises(AwsError):
        waiting(server, clock).fate("m-1", "apply_project", seconds=5)


@pytest.mark.parametrize(
    ("item", "document"),
    [
        ({"document": {"S": '{"title":"Élan"}'}, "revision": {"N": "3"}}, {"title": "Élan"}),
        ({"PK": {"S": "PROJECT#1"}, "expires_at": {"N": "1"}}, None),
        (None, None),
    ],
    ids=["there", "purged", "never"],
)
def test_a_project_is_read_as_it_is_unless_there_is_none(
    item: dict[str, Any] | None, document: dict[str, Any] | None, clock: Clock
) -> None:
    with endpoint([answer({"Item": item} if item else {})]) as server:
        assert waiting(server, clock).project("1") == document

    assert json.loads(server.received[0].body)["Key"] == {"PK": {"S": "PROJECT#1"}, "SK": {"S": "RECORD"}}
