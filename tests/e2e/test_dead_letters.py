"""`sitewire dlq` on a running stage: what died is seen, explained, and delivered again once."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from schemas.routes import Role
from shared.ids import uuid7
from shared.ledger import Ledger
from tests.e2e.commands import Done, sitewire, start_sitewire
from tests.e2e.conftest import FORM, Site, eventually
from tests.e2e.fault_proxy import deny, faulty_dynamodb
from tests.e2e.workers import log_lines

STORE = "store_contact"
INTERRUPTED = 60
CAP = 1


@pytest.fixture(autouse=True)
def dead_letters(site: Site) -> Iterator[str]:
    """Give the URL of the dead-letter queue, empty before and after."""
    url = site.outputs["dlqs"][STORE]
    site.aws("sqs").purge_queue(QueueUrl=url)
    yield url
    site.aws("sqs").purge_queue(QueueUrl=url)


@contextmanager
def impatient(site: Site) -> Iterator[None]:
    """Let the worker's queue give up on a message after one failure."""
    sqs, work = site.aws("sqs"), site.outputs["queues"][STORE]
    names = ["VisibilityTimeout", "RedrivePolicy"]
    before = sqs.get_queue_attributes(QueueUrl=work, AttributeNames=names)["Attributes"]
    policy = json.dumps({**json.loads(before["RedrivePolicy"]), "maxReceiveCount": 1})
    sqs.set_queue_attributes(QueueUrl=work, Attributes={"VisibilityTimeout": "1", "RedrivePolicy": policy})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=work, Attributes=before)


def run(site: Site, *arguments: str) -> Done:
    """Run a command on the running stage."""
    return sitewire(site.folder.parent, "dlq", *arguments)


def told(site: Site, *arguments: str) -> Any:
    """Return the JSON that a command prints."""
    done = run(site, *arguments, "--json")
    assert done.code in {0, 1}, done.err
    return json.loads(done.out)


def test_a_message_that_a_worker_is_denied_is_explained_and_replayed_once(site: Site, dead_letters: str) -> None:
    with faulty_dynamodb(site, STORE) as faults:
        faults.append(deny)
        with impatient(site):
            accepted = site.submit(headers={"X-Correlation-Id": "dead-letter-0001"})
            eventually(lambda: _was_denied(site, accepted) and _depth(site, dead_letters))

        (listed,) = [queue for queue in told(site, "list") if queue["name"] == STORE]
        (group,) = told(site, "show", STORE)
        # As after a replay that was killed between sending and deleting: the same message once more.
        _put(site, dead_letters, [_event(accepted)])
        replayed = run(site, "replay", STORE, "--yes")
        outcomes = eventually(lambda: _when_complete(_outcomes(site, {accepted}), 2))

    assert (listed["depth"], listed["source"], listed["consumer"]) == (1, "sitewire-local-store-contact", STORE)
    assert 0 <= listed["oldest_seconds"] < 60
    assert (group["event"], group["ids"]) == ("ContactSubmitted", [accepted])
    assert group["cause"] == "message failed: ClientError AccessDeniedException"
    assert group["messages"][0]["correlation_id"] == "dead-letter-0001"
    assert (replayed.code, replayed.out, replayed.err) == (0, "", "Replayed 2 messages.\n")
    assert outcomes == {"Applied": 1, "Duplicate": 1}
    assert site.call("GET", f"/api/contact/{accepted}", Role.EDITOR).json()["version"] == 1


def test_a_replay_that_is_killed_midway_and_run_again_is_exact(
    site: Site, dead_letters: str, show_figure: Callable[[str], None]
) -> None:
    ids = [uuid7() for _ in range(INTERRUPTED)]
    _put(site, dead_letters, [_event(accepted) for accepted in ids])

    first = start_sitewire(site.folder.parent, "dlq", "replay", STORE, "--yes", "--rate", "40")
    eventually(lambda: _depth(site, dead_letters) <= INTERRUPTED // 2)
    first.kill()
    first.wait()
    left = _depth(site, dead_letters)
    second = told(site, "replay", STORE, "--yes")
    outcomes = eventually(lambda: _when_applied(_outcomes(site, set(ids)), INTERRUPTED))

    ledger = Ledger(site.aws("dynamodb"), site.outputs["table"])
    applied = [entry["outcome"] for accepted in ids for entry in ledger.entries(accepted)]
    show_figure(
        f"replay killed midway: {INTERRUPTED} dead letters, {left} left by the kill, {second['replayed']} by the "
        f"second run; applied {outcomes['Applied']}, duplicates dropped {outcomes['Duplicate']}, "
        f"in the queue {_depth(site, dead_letters)}, lost {INTERRUPTED - len(applied)}"
    )
    assert 0 < left < INTERRUPTED
    assert second["replayed"] == left
    assert outcomes["Applied"] == INTERRUPTED
    assert applied == ["applied"] * INTERRUPTED
    assert _depth(site, dead_letters) == 0


def test_poison_comes_back_and_stops_at_the_cap(
    site: Site, dead_letters: str, show_figure: Callable[[str], None]
) -> None:
    _put(site, dead_letters, [json.dumps({"detail": {"name": "ContactSubmitted", "id": "poison"}})])

    codes = []
    with impatient(site):
        for _ in range(CAP + 1):
            done = run(site, "replay", STORE, "--yes", "--max-attempts", str(CAP))
            codes.append(done.code)
            eventually(lambda: _depth(site, dead_letters))
    (group,) = told(site, "show", STORE)

    (letter,) = group["messages"]
    show_figure(f"poison replayed with a cap of {CAP}: {letter['replays']} replays, then left, exit code {codes[-1]}")
    assert codes == [0] * CAP + [1]
    assert "replayed as often as --max-attempts allows, left: poison" in done.err
    assert letter["replays"] == CAP
    assert group["cause"].startswith("record is not a message of this consumer: missing at detail.")


def test_what_a_rule_could_not_deliver_is_explained_and_delivered(site: Site) -> None:
    accepted = uuid7()
    queue = site.outputs["dlqs"]["undelivered"]
    target = "arn:aws:sqs:eu-central-1:000000000000:sitewire-local-store-contact"
    texts = {"RULE_ARN": "arn:aws:events:rule", "TARGET_ARN": target, "ERROR_CODE": "NO_PERMISSIONS"}
    attributes = {name: {"DataType": "String", "StringValue": text} for name, text in texts.items()}
    site.aws("sqs").send_message(QueueUrl=queue, MessageBody=_event(accepted), MessageAttributes=attributes)

    (group,) = told(site, "show", "undelivered")
    report = told(site, "replay", "undelivered", "--yes", "--filter", "message.attributes.ERROR_CODE=='NO_PERMISSIONS'")

    site.await_applied(accepted)
    assert group["cause"] == "NO_PERMISSIONS (to sitewire-local-store-contact)"
    assert report["replayed"] == 1
    assert _depth(site, queue) == 0


def _event(accepted: str) -> str:
    """Return ContactSubmitted as EventBridge puts it into a queue."""
    detail = {
        "id": accepted,
        "name": "ContactSubmitted",
        "version": 1,
        "occurred_at": "2026-01-31T12:00:00.000Z",
        "correlation_id": "e2e-dead-letters",
        "data": {"submission": FORM, "spam": {"is_spam": False, "score": 0, "reasons": []}},
    }
    return json.dumps({"version": "0", "detail-type": "ContactSubmitted", "detail": detail})


def _put(site: Site, queue: str, bodies: list[str]) -> None:
    for body in bodies:
        site.aws("sqs").send_message(QueueUrl=queue, MessageBody=body)


def _depth(site: Site, queue: str) -> int:
    """Return how many messages a queue holds, hidden ones with them."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return sum(
        map(int, site.aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"].values())
    )


def _was_denied(site: Site, accepted: str) -> bool:
    return bool(log_lines(site, STORE, accepted, "AccessDenied"))


def _outcomes(site: Site, ids: set[str]) -> Counter[str]:
    """Count what the worker says that it did with some messages."""
    lines = log_lines(site, STORE, "message processed")
    return Counter(line["outcome"] for line in lines if line["message_id"] in ids)


def _when_complete(outcomes: Counter[str], total: int) -> Counter[str] | None:
    return outcomes if outcomes.total() >= total else None


def _when_applied(outcomes: Counter[str], total: int) -> Counter[str] | None:
    return outcomes if outcomes["Applied"] >= total else None
