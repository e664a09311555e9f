"""New positions for several projects."""

from typing import Any

from tests.functional.faults import replies_lost
from tests.functional.functions.workers.project_bench import ProjectBench
from tests.functional.functions.workers.project_traces import require_exact
from tests.unit.events import projects as commands

FIRST, SECOND = commands.create(1, title="First"), commands.create(2, title="Second")


def positions(bench: ProjectBench) -> list[int]:
    return [bench.document(commands.identifier(number))["position"] for number in (1, 2)]


def test_each_project_goes_to_its_position_and_keeps_its_version(bench: ProjectBench) -> None:
    order = commands.reorder(3, {1: 20, 2: 10})

    bench.deliver(FIRST, SECOND, order)

    assert (positions(bench), bench.version(commands.identifier(1)), bench.fate(order)) == ([20, 10], 1, "applied")
    assert bench.facts[-1] == ("ProjectsReordered", order["id"])
    require_exact(bench)


def test_the_order_that_was_accepted_last_stays_whichever_comes_last(bench: ProjectBench) -> None:
    late, early = commands.reorder(3, {1: 20, 2: 10}, minute=9), commands.reorder(4, {1: 5}, minute=8)

    bench.deliver(FIRST, SECOND, late, early)

    assert positions(bench) == [20, 10]


def test_an_order_waits_for_all_of_its_projects(bench: ProjectBench) -> None:
    order = commands.reorder(3, {1: 20, 2: 10})

    assert bench.deliver(FIRST, order) == [order["id"]]
    assert bench.document(commands.identifier(1))["position"] == 0

    assert bench.deliver(SECOND, order, receive_count=2) == []
    assert positions(bench) == [20, 10]


def test_an_order_that_names_a_project_which_never_comes_is_rejected_whole(bench: ProjectBench) -> None:
    order = commands.reorder(3, {1: 20, 2: 10})
    bench.deliver(FIRST)

    for receive_count in (1, 2, 3):
        bench.deliver(order, receive_count=receive_count)

    assert bench.fate(order) == "rejected: not_found"
    assert bench.document(commands.identifier(1))["position"] == 0


def test_an_order_that_is_cut_off_is_completed_by_the_next_delivery(bench: ProjectBench) -> None:
    order = commands.reorder(3, {1: 20, 2: 10})
    bench.deliver(FIRST, SECOND)

    with replies_lost(bench.dynamodb, "dynamodb.TransactWriteItems"):
        assert bench.deliver(order) == [order["id"]]
    assert (positions(bench), bench.fate(order)) == ([20, 0], None)

    assert bench.deliver(order, receive_count=2) == []
    assert (positions(bench), bench.fate(order)) == ([20, 10], "applied")


def test_a_project_that_is_written_meanwhile_is_placed_all_the_same(bench: ProjectBench) -> None:
    patch = commands.patch(3, version=1, summary="B")
    bench.deliver(FIRST, SECOND)
    bench.before_transaction(lambda: bench.apply(patch))

    bench.deliver(commands.reorder(4, {1: 20, 2: 10}))

    assert positions(bench) == [20, 10]
    assert bench.document(commands.identifier(1))["summary"] == "B"
    require_exact(bench)


def test_an_order_leaves_out_what_was_purged_whichever_comes_first(bench: ProjectBench) -> None:
    order = commands.reorder(3, {1: 20, 2: 10})
    bench.deliver(FIRST, SECOND, *purge(2))

    assert bench.deliver(order) == []

    assert bench.document(commands.identifier(1))["position"] == 20
    assert bench.fate(order) == "applied"
    assert bench.bus.details[-1]["data"]["project_ids"] == [commands.identifier(1)]


def test_an_order_of_purged_projects_is_rejected(bench: ProjectBench) -> None:
    order = commands.reorder(3, {1: 20})
    bench.deliver(FIRST, *purge(1))

    bench.deliver(order)

    assert bench.fate(order) == "rejected: not_found"


def test_an_order_is_not_rejected_once_a_part_of_it_is_done(bench: ProjectBench) -> None:
    order = commands.reorder(3, {1: 20, 2: 10})
    bench.deliver(FIRST, SECOND)
    with replies_lost(bench.dynamodb, "dynamodb.TransactWriteItems"):
        bench.deliver(order)
    bench.deliver(*purge(2))

    bench.deliver(order, receive_count=2)

    assert bench.document(commands.identifier(1))["position"] == 20
    assert bench.fate(order) == "applied"


def purge(of: int) -> list[dict[str, Any]]:
    """Return the commands that purge a project of one version."""
    return [
        commands.change("DeleteProject", 80 + of, version=1, of=of),
        commands.change("PurgeProject", 90 + of, version=2, of=of),
    ]
