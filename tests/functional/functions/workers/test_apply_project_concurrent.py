"""Many workers at one project, in threads of this process; each call of the table is atomic, as DynamoDB's are."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.delivery import EarlyError
from shared.table.transactions import ConflictError
from tests.functional.faults import cancel_transactions
from tests.functional.functions.workers.project_bench import ProjectBench
from tests.functional.functions.workers.project_traces import require_exact
from tests.unit.events import projects as commands

WORKERS, VERSIONS = 64, 8
IDENTIFIER = commands.identifier(1)


def at_once(details: list[dict[str, Any]], apply: Callable[[dict[str, Any]], object]) -> None:
    """Give each command to a worker of its own, which is delivered it again until it is done with it."""
    together = threading.Barrier(len(details))

    def work(detail: dict[str, Any]) -> None:
        together.wait()
        while True:
            try:
                apply(detail)
            except (EarlyError, ConflictError):
                continue
            return

    with ThreadPoolExecutor(len(details)) as pool:
        list(pool.map(work, details))


def test_of_many_rivals_one_wins_each_version_and_no_change_is_lost(bench: ProjectBench) -> None:
    bench.deliver(commands.create(1, custom={}))
    rivals = [
        commands.patch(number, version=1 + number % VERSIONS, summary=f"by {number}", custom={f"w{number}": "was here"})
        for number in range(2, WORKERS + 2)
    ]
    cancel_transactions(bench.dynamodb, "TransactionConflict", times=2 * WORKERS)

    at_once(rivals, bench.apply)

    fates = bench.fates()
    winners = [detail for detail in rivals if fates[detail["id"]] == "applied"]
    assert sorted(detail["data"]["version"] for detail in winners) == list(range(1, VERSIONS + 1))
    assert Counter(fates[detail["id"]] for detail in rivals) == {
        "applied": VERSIONS, "rejected: conflict": WORKERS - VERSIONS,
    }  # fmt: skip
    document = bench.document(IDENTIFIER)
    assert document["version"] == VERSIONS + 1
    assert document["custom"] == {name: "was here" for detail in winners for name in detail["data"]["patch"]["custom"]}
    assert Counter(bench.facts[1:]) == Counter(("ProjectUpdated", detail["id"]) for detail in winners)
    require_exact(bench)


def test_of_many_orders_the_last_that_was_accepted_stays(bench: ProjectBench) -> None:
    bench.deliver(commands.create(1))
    orders = [commands.reorder(number, {1: number}) for number in range(2, 18)]

    at_once(orders, bench.apply)

    assert bench.document(IDENTIFIER)["position"] == 17
    assert set(bench.fates().values()) == {"applied"}
    require_exact(bench)


def test_of_many_projects_with_one_title_each_has_a_slug_of_its_own(bench: ProjectBench) -> None:
    creations = [commands.create(number) for number in range(1, 13)]

    at_once(creations, bench.apply)

    slugs = {bench.document(detail["id"])["slug"] for detail in creations}
    assert slugs == {"analytical-engine", *(f"analytical-engine-{number}" for number in range(2, 13))}
    require_exact(bench)


def test_one_command_that_many_workers_are_given_is_applied_once(bench: ProjectBench) -> None:
    bench.deliver(commands.create(1))
    patch = commands.patch(2, version=1, summary="B")

    at_once([patch] * 16, bench.apply)

    assert (bench.version(IDENTIFIER), bench.fate(patch)) == (2, "applied")
    assert not any("outbox" in entry for entry in bench.ledger().values())
    assert len({detail["id"] for detail in bench.bus.details}) == 2
