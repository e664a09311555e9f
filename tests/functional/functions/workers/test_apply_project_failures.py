"""What is told to the world, whenever a worker dies."""

import pytest

from tests.functional.faults import cancel_transactions, replies_lost
from tests.functional.functions.workers.project_bench import ProjectBench
from tests.unit.events import projects as commands

IDENTIFIER = commands.identifier(1)
CREATE = commands.create(1, status="published")
TOLD = [("ProjectCreated", IDENTIFIER), ("ProjectPublished", IDENTIFIER)]


def outboxes(bench: ProjectBench) -> list[str]:
    return [entry["outbox"] for entry in bench.ledger().values() if "outbox" in entry]


def test_facts_that_the_bus_refused_are_published_with_the_next_delivery(bench: ProjectBench) -> None:
    bench.bus.refuses = True
    assert bench.deliver(CREATE) == [IDENTIFIER]
    assert (bench.facts, bench.fate(CREATE), len(outboxes(bench))) == ([], "applied", 1)
    bench.bus.refuses = False

    assert bench.deliver(CREATE, receive_count=2) == []

    assert (bench.facts, outboxes(bench)) == (TOLD, [])
    assert bench.version(IDENTIFIER) == 1


def test_facts_that_may_have_been_published_are_published_again_under_the_same_ids(bench: ProjectBench) -> None:
    bench.bus.loses_replies = True
    bench.deliver(CREATE)
    bench.bus.loses_replies = False
    first = list(bench.bus.details)

    assert bench.deliver(CREATE, receive_count=2) == []

    assert bench.bus.details == [*first, *first]
    assert outboxes(bench) == []


def test_a_change_whose_confirmation_was_lost_is_made_once_and_told(bench: ProjectBench) -> None:
    with replies_lost(bench.dynamodb, "dynamodb.TransactWriteItems"):
        assert bench.deliver(CREATE) == [IDENTIFIER]
    assert bench.facts == []

    assert bench.deliver(CREATE, receive_count=2) == []

    assert (bench.facts, outboxes(bench), bench.version(IDENTIFIER)) == (TOLD, [], 1)


def test_a_patch_whose_confirmation_was_lost_is_no_conflict_with_itself(bench: ProjectBench) -> None:
    patch = commands.patch(2, version=1, status="archived")
    bench.deliver(CREATE)
    with replies_lost(bench.dynamodb, "dynamodb.TransactWriteItems"):
        bench.deliver(patch)

    assert bench.deliver(patch, receive_count=2) == []

    assert (bench.fate(patch), bench.version(IDENTIFIER)) == ("applied", 2)
    assert bench.facts[2:] == [("ProjectUpdated", patch["id"]), ("ProjectUnpublished", patch["id"])]


def test_a_purge_whose_confirmation_was_lost_is_told(bench: ProjectBench) -> None:
    purge = commands.change("PurgeProject", 3, version=2)
    bench.deliver(CREATE, commands.change("DeleteProject", 2, version=1))
    with replies_lost(bench.dynamodb, "dynamodb.TransactWriteItems"):
        bench.deliver(purge)

    assert bench.deliver(purge, receive_count=2) == []

    assert (bench.fate(purge), bench.facts[-1]) == ("applied", ("ProjectPurged", purge["id"]))


def test_an_outbox_whose_emptying_was_not_confirmed_is_empty_and_nothing_is_told_again(bench: ProjectBench) -> None:
    bench.deliver(CREATE)
    patch = commands.patch(2, version=1, summary="B")
    with replies_lost(bench.dynamodb, "dynamodb.UpdateItem"):
        assert bench.deliver(patch) == [patch["id"]]

    assert bench.deliver(patch, receive_count=2) == []

    assert (bench.facts, outboxes(bench)) == ([*TOLD, ("ProjectUpdated", patch["id"])], [])


def test_a_rejection_whose_confirmation_was_lost_stays_what_it_is(bench: ProjectBench) -> None:
    rival = commands.patch(3, version=1, summary="C")
    bench.deliver(CREATE, commands.patch(2, version=1, summary="B"))
    with replies_lost(bench.dynamodb, "dynamodb.TransactWriteItems"):
        assert bench.deliver(rival) == [rival["id"]]

    assert bench.deliver(rival, receive_count=2) == []

    assert bench.fate(rival) == "rejected: conflict"


@pytest.mark.parametrize("codes", [("TransactionConflict",), ("None", "None", "ThrottlingError")])
def test_others_in_the_way_of_every_attempt_leave_the_command_to_the_next_delivery(
    bench: ProjectBench, codes: tuple[str, ...]
) -> None:
    cancel_transactions(bench.dynamodb, *codes, times=5)

    assert bench.deliver(CREATE) == [IDENTIFIER]
    assert (bench.get(IDENTIFIER), bench.facts) == (None, [])

    assert bench.deliver(CREATE, receive_count=2) == []
    assert bench.facts == TOLD


def test_the_facts_are_those_of_the_command_in_the_operations_own_thread(bench: ProjectBench) -> None:
    bench.deliver(CREATE)

    (created, _published) = bench.bus.details
    assert (created["correlation_id"], created["occurred_at"]) == (CREATE["correlation_id"], CREATE["occurred_at"])
    assert bench.bus.taken[0]["Source"] == "sitewire.projects"
