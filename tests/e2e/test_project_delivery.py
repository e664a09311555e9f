"""A change of a project is applied once and told of, whatever breaks in between."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from shared.ids import uuid7
from tests.e2e.bus_listener import Listener, listening
from tests.e2e.commands import sitewire
from tests.e2e.conftest import Site, eventually
from tests.e2e.fault_proxy import deny, faulty_bus, faulty_dynamodb, hold, lose_reply, on
from tests.e2e.projects import PROJECTS, Kept, content, create, outcome, read, send
from tests.e2e.workers import delivered, depth, kill, log_lines, outcomes, receive, visible_again_after
from tests.e2e.workers import send as put

WORKER = "apply_project"
WRITE = "TransactWriteItems"
SOON = 3


@pytest.fixture(scope="module")
def listener(site: Site) -> Iterator[Listener]:
    """Give somebody who hears all facts while these tests run."""
    with listening(site) as listener:
        yield listener


def test_a_worker_that_is_killed_while_it_writes_has_written_once(site: Site, listener: Listener) -> None:
    before = create(site)
    started, release = threading.Event(), threading.Event()
    with faulty_dynamodb(site, WORKER) as faults:
        faults.append(on(WRITE, hold(started, release)))
        with visible_again_after(site, WORKER, SOON):
            operation_id = _change(site, before)
            assert started.wait(40)

        kill(site, WORKER)
        release.set()

        facts = listener.await_facts(operation_id, 1)
    assert outcome(site, operation_id)["status"] == "applied"
    assert read(site, before.id).version == 2
    assert [fact["name"] for fact in facts] == ["ProjectUpdated"]


def test_a_worker_that_is_killed_before_it_tells_of_a_change_tells_of_it_after_all(
    site: Site, listener: Listener
) -> None:
    before = create(site)
    started, release = threading.Event(), threading.Event()
    with faulty_bus(site, WORKER) as faults:
        faults.append(hold(started, release))
        with visible_again_after(site, WORKER, SOON):
            operation_id = _change(site, before)
            assert started.wait(40)

        kill(site, WORKER)
        assert outcome(site, operation_id)["status"] == "applied"
        release.set()

        facts = listener.await_facts(operation_id, 2)
    assert {fact["id"] for fact in facts} == {facts[0]["id"]}
    assert read(site, before.id).version == 2
    eventually(lambda: outcomes(site, WORKER, operation_id) == ["Duplicate"])
    assert _outbox(site, operation_id) is None


def test_a_change_that_the_bus_was_not_told_of_is_told_on_the_next_delivery(site: Site, listener: Listener) -> None:
    before = create(site)
    with faulty_bus(site, WORKER) as faults, visible_again_after(site, WORKER, SOON):
        faults.append(deny)
        operation_id = _change(site, before)

        (fact,) = listener.await_facts(operation_id, 1)
    (failure,) = log_lines(site, WORKER, operation_id, "message failed")
    assert failure["error"] == "AwsRefusedError"
    assert (fact["data"]["project_id"], fact["data"]["version"]) == (before.id, 2)
    assert read(site, before.id).version == 2


def test_a_write_whose_reply_is_lost_is_applied_and_told_once(site: Site, listener: Listener) -> None:
    before = create(site)
    with faulty_dynamodb(site, WORKER) as faults:
        faults.append(on(WRITE, lose_reply))
        operation_id = _change(site, before)

        facts = listener.await_facts(operation_id, 1)
    assert outcome(site, operation_id)["status"] == "applied"
    assert read(site, before.id).version == 2
    assert len(facts) == 1


def test_a_command_that_is_delivered_twice_is_applied_and_told_once(site: Site, listener: Listener) -> None:
    command = _creation(site)

    for _ in range(2):
        put(site, WORKER, delivered(command))
    eventually(lambda: len(outcomes(site, WORKER, command["id"])) == 2)

    assert sorted(outcomes(site, WORKER, command["id"])) == ["Applied", "Duplicate"]
    assert read(site, command["id"]).version == 1
    assert len({fact["id"] for fact in listener.await_facts(command["id"], 1)}) == 1


def test_a_command_whose_acceptance_is_heard_twice_is_applied_once(site: Site) -> None:
    create(site)
    with faulty_bus(site, "ingest_projects") as faults:
        faults.append(lose_reply)

        answer = send(site, "POST", PROJECTS, json=content(site))

    operation_id = answer.json()["operation_id"]
    assert answer.status_code == 202
    eventually(lambda: len(outcomes(site, WORKER, operation_id)) == 2)
    assert sorted(outcomes(site, WORKER, operation_id)) == ["Applied", "Duplicate"]
    assert read(site, answer.json()["id"]).version == 1


def test_a_change_that_overtakes_the_creation_waits_for_it(site: Site) -> None:
    creation = _creation(site)
    overtaking = _command("PatchProject", project_id=creation["id"], version=1, patch={"client": "Somebody"})

    with visible_again_after(site, WORKER, SOON):
        put(site, WORKER, delivered(overtaking))
        eventually(lambda: log_lines(site, WORKER, overtaking["id"], "waits for an earlier one"))
    put(site, WORKER, delivered(creation))

    assert outcome(site, overtaking["id"])["status"] == "applied"
    after = read(site, creation["id"]).document
    assert (after["version"], after["client"]) == (2, "Somebody")


def test_poison_among_commands_ends_in_the_dead_letter_queue_and_they_are_applied(site: Site) -> None:
    commands = [_creation(site) for _ in range(4)]
    poison = delivered({**_creation(site), "name": "CrushProject"})

    with visible_again_after(site, WORKER, SOON):
        for body in [*map(delivered, commands[:2]), poison, *map(delivered, commands[2:])]:
            put(site, WORKER, body)
        for command in commands:
            assert outcome(site, command["id"])["status"] == "applied"
    with visible_again_after(site, WORKER, 1):
        group = eventually(lambda: _dead(site).get("CrushProject"))
    assert group["count"] == 1
    assert group["cause"].startswith("record is not a message of this consumer")
    assert poison in {message["Body"] for message in receive(site, site.outputs["dlqs"][WORKER])}


def _change(site: Site, kept: Kept) -> str:
    """Change a project without waiting for it, and return the operation."""
    answer = send(site, "PATCH", kept.path, kept.tag, json={"client": "Somebody"})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["operation_id"])


def _creation(site: Site) -> dict[str, Any]:
    return _command("CreateProject", project={**content(site), "locale": "en"})


def _command(name: str, **data: Any) -> dict[str, Any]:
    """Return a command as `ingest_projects` publishes it."""
    return {
        "id": uuid7(),
        "name": name,
        "version": 1,
        "occurred_at": "2026-01-31T12:00:00.000Z",
        "correlation_id": "e2e-project-delivery",
        "data": {**data, "author": "e2e"},
    }


def _dead(site: Site) -> dict[str, dict[str, Any]]:
    """Return what `sitewire dlq show` tells of the worker's dead letters, by event."""
    if not depth(site, site.outputs["dlqs"][WORKER]):
        return {}
    groups = json.loads(sitewire(site.folder.parent, "dlq", "show", WORKER, "--json").out)
    return {group["event"]: group for group in groups}


def _outbox(site: Site, operation_id: str) -> Any:
    key = {"PK": {"S": f"LEDGER#{operation_id}"}, "SK": {"S": WORKER}}
    return site.aws("dynamodb").get_item(TableName=site.outputs["table"], Key=key)["Item"].get("outbox")
