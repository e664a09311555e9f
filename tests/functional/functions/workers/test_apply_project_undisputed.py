from contextlib import ExitStack
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.ids import derived_id
from shared.projects.project import Project
from tests.functional.faults import replies_lost
from tests.functional.functions.workers.project_bench import ProjectBench
from tests.functional.functions.workers.project_histories import Step, undisputed
from tests.functional.functions.workers.project_model import Model
from tests.functional.functions.workers.project_traces import require_exact
from tests.unit.properties import reproducible

# The bench is made once and begins anew with each example: to start a worker takes longer than what it does.
one_bench = settings(reproducible, max_examples=30, phases=[Phase.generate], suppress_health_check=list(HealthCheck))

FAULTS = (
    "none", "none", "bus refuses", "bus's reply lost", "GetItem", "TransactWriteItems", "UpdateItem",
)  # fmt: skip
"""What can happen to one batch; an operation's name is that of DynamoDB's whose replies are lost."""


def sequential(steps: list[Step]) -> Model:
    model = Model()
    for step in steps:
        model.deliver(step.detail)
    return model


def deliver(bench: ProjectBench, steps: list[Step], receive_count: int, fault: str) -> None:
    """Deliver a batch; a release by itself, and only while its project is in the state that the schedule saw."""
    commands = [step.detail for step in steps if step.since is None]
    bench.bus.refuses, bench.bus.loses_replies = fault == "bus refuses", fault == "bus's reply lost"
    with ExitStack() as faults:
        if fault in {"GetItem", "TransactWriteItems", "UpdateItem"}:
            faults.enter_context(replies_lost(bench.dynamodb, f"dynamodb.{fault}"))
        bench.deliver(*commands, receive_count=receive_count)
        for release in due(bench, steps):
            bench.deliver(release.detail, receive_count=receive_count)
    bench.bus.refuses = bench.bus.loses_replies = False


def due(bench: ProjectBench, steps: list[Step]) -> list[Step]:
    """Return the releases of projects that are at this moment as the schedule saw them."""
    releases = [step for step in steps if step.since is not None]
    return [step for step in releases if bench.version(step.detail["data"]["project_id"]) == step.since]


def is_about_nothing(detail: dict[str, Any], model: Model) -> bool:
    """Tell whether a command orders only projects that are gone in the end: what it tells depends on when it came."""
    places = detail["data"].get("positions", ())
    return bool(places) and all(model.sheets[place["id"]].purged for place in places)


@one_bench
@given(steps=undisputed(), data=st.data())
def test_no_order_and_no_failure_changes_what_undisputed_commands_give(
    bench: ProjectBench, steps: list[Step], data: st.DataObject
) -> None:
    """Deliver a history in which each command is made for the version that the one before it left.

    The first two deliveries come in any order, in batches of any size, some of them twice, and each batch may meet a
    failure of the table or the bus, before or after the work was done. The third comes in causal order, so that no
    command is given up that only had to wait. A release is delivered when the schedule can have seen what it is for.

    Then the documents are those of applying the commands one after the other; every command is applied; each fact was
    published at least once, under one id and with one content, and no outbox keeps any.
    """
    bench.reset()
    expected = sequential(steps)

    for receive_count in (1, 2):
        repeated = data.draw(st.lists(st.sampled_from(steps), max_size=3))
        waiting = data.draw(st.permutations([*steps, *repeated]))
        while waiting:
            size = data.draw(st.integers(1, 5))
            deliver(bench, waiting[:size], receive_count, data.draw(st.sampled_from(FAULTS)))
            waiting = waiting[size:]
    for step in steps:
        deliver(bench, [step], 3, "none")
    # Everything comes once more: the releases too, now that what they were for has passed.
    bench.deliver(*(step.detail for step in steps), receive_count=2)

    certain = {step.detail["id"] for step in steps if not is_about_nothing(step.detail, expected)}
    stored = {project_id: bench.get(project_id) for project_id in expected.sheets}
    documents = {key: project.document for key, project in stored.items() if isinstance(project, Project)}
    assert documents == expected.documents()
    assert {id_: fate for id_, fate in bench.fates().items() if id_ in certain} == dict.fromkeys(certain, "applied")
    assert facts_of(bench, certain) == {
        (derived_id(operation.encode(), name.encode()), name): content
        for (name, operation), content in expected.facts.items()
        if operation in certain
    }
    assert not any("outbox" in entry for entry in bench.ledger().values())
    require_exact(bench)


def facts_of(bench: ProjectBench, operations: set[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what was published of some commands, by id and name: one content for each, however often it came."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for detail in bench.bus.details:
        data = detail["data"]
        if data["operation_id"] in operations:
            shown = {name: data[name] for name in ("slug", "locale", "status", "version") if name in data}
            assert found.setdefault((detail["id"], detail["name"]), shown) == shown
    return found
