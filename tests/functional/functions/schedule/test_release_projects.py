"""What is due is asked for, once however often the clock ticks."""

import json
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from load.read_units import Meter
from schemas.project_events import ReleaseProject
from shared.clock import timestamp
from shared.ids import is_well_formed
from shared.projects.project import TRASH_DAYS, Project
from shared.publishing import EventBus, PublishError
from tests.functional.conftest import TABLE
from tests.functional.shared.table.projects import changed, identifier, project, put, put_many
from tests.unit import events
from tests.unit.shared.buses import MemoryBus

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOW = 1769864400.0
PAST, FUTURE = timestamp(NOW - 60), timestamp(NOW + 60)
CONTEXT = SimpleNamespace(aws_request_id="8f9a1c7e-55b0-4d0e-9c1e-2b7a4f0d6e10")


@pytest.fixture
def release(load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the function, by whose clock it is `NOW`."""
    module = load("functions.schedule.release_projects")
    monkeypatch.setattr(module, "timestamp", lambda: timestamp(NOW))
    return module


@pytest.fixture
def bus(release: ModuleType, monkeypatch: pytest.MonkeyPatch) -> MemoryBus:
    """Return the bus that the function publishes to."""
    bus = MemoryBus()
    monkeypatch.setattr(release, "bus", EventBus(bus, "sitewire-local", sleep=lambda _seconds: None))
    return bus


def tick(release: ModuleType) -> None:
    release.handler(events.read("scheduled_release"), CONTEXT)


def asked_for(bus: MemoryBus) -> list[tuple[str, str]]:
    """Return each project that was asked for, with the time that was scheduled."""
    return [(detail["data"]["project_id"], detail["data"]["due_at"]) for detail in bus.details]


def trashed(number: int, days: float) -> Project:
    """Return a project that was moved to the trash so many days ago."""
    return project(number, deleted_at=timestamp(NOW - days * 24 * 3600))


def test_what_is_due_is_asked_for_longest_overdue_first(
    release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient"
) -> None:
    long_ago = timestamp(NOW - 3600)
    put_many(
        dynamodb,
        TABLE,
        [
            project(1, status="draft", publish_at=PAST),
            project(2, unpublish_at=long_ago),
            trashed(3, TRASH_DAYS + 1),
        ],
    )

    tick(release)

    assert asked_for(bus) == [
        (identifier(3), timestamp(NOW - 24 * 3600)), (identifier(2), long_ago), (identifier(1), PAST),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "waiting",
    [
        project(1),
        project(1, status="draft"),
        project(1, status="draft", publish_at=FUTURE),
        project(1, unpublish_at=FUTURE),
        # A draft is not archived, and what is archived is not published.
        project(1, status="draft", unpublish_at=PAST),
        project(1, status="archived", publish_at=PAST, unpublish_at=PAST),
        trashed(1, TRASH_DAYS - 1),
        # In the trash, nothing but the end of it is due.
        project(1, status="draft", publish_at=PAST, deleted_at=PAST),
    ],
    ids=range(8),
)
def test_what_is_not_due_is_left_alone(
    release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient", waiting: Project
) -> None:
    put_many(dynamodb, TABLE, [waiting])

    tick(release)

    assert bus.calls == []


@pytest.mark.parametrize(("seconds", "expected"), [(-0.001, 1), (0, 1), (0.001, 0)])
def test_a_time_has_come_when_it_is_that_time(
    release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient", seconds: float, expected: int
) -> None:
    put_many(dynamodb, TABLE, [project(1, status="draft", publish_at=timestamp(NOW + seconds))])

    tick(release)

    assert len(bus.details) == expected


def test_a_request_is_a_command_of_the_contract(
    release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient"
) -> None:
    put_many(dynamodb, TABLE, [project(1, status="draft", publish_at=PAST)])

    tick(release)

    (entry,) = bus.taken
    command = ReleaseProject.model_validate_json(entry["Detail"])
    assert (entry["Source"], entry["DetailType"]) == ("sitewire.projects", "ReleaseProject")
    assert entry["EventBusName"] == "sitewire-local"
    assert is_well_formed(command.id)
    assert command.correlation_id == CONTEXT.aws_request_id
    assert command.occurred_at.timestamp() == NOW


def test_two_runs_ask_for_the_same(release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient") -> None:
    put_many(dynamodb, TABLE, [project(1, status="draft", publish_at=PAST), project(2, unpublish_at=PAST)])

    tick(release)
    tick(release)

    # The worker applies each id once, so that a second run changes nothing.
    first, second = bus.details[:2], bus.details[2:]
    assert [detail["id"] for detail in first] == [detail["id"] for detail in second]
    assert len({detail["id"] for detail in first}) == 2


def test_a_time_that_is_set_anew_is_asked_for_anew(
    release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient"
) -> None:
    # Otherwise the ledger, which knows the first request, would take the second for the same.
    first = put(dynamodb, TABLE, None, project(1, status="draft", publish_at=PAST))
    tick(release)
    second = put(dynamodb, TABLE, first, changed(first, publish_at=None))
    put(dynamodb, TABLE, second, changed(second, publish_at=PAST))

    tick(release)

    assert len({detail["id"] for detail in bus.details}) == len(bus.details) == 2
    assert len(set(asked_for(bus))) == 1


def test_a_change_that_leaves_the_time_leaves_the_request(
    release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient"
) -> None:
    stored = put(dynamodb, TABLE, None, project(1, status="draft", publish_at=PAST))
    tick(release)
    put(dynamodb, TABLE, stored, changed(stored, title="Another"))

    tick(release)

    assert len(bus.details) == 2
    assert len({detail["id"] for detail in bus.details}) == 1


def test_what_was_released_is_asked_for_no_more(
    release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient"
) -> None:
    stored = put(dynamodb, TABLE, None, project(1, status="draft", publish_at=PAST))
    put(dynamodb, TABLE, stored, changed(stored, status="published", publish_at=None))

    tick(release)

    assert bus.calls == []


def test_a_run_takes_on_five_hundred_and_leaves_the_others_to_the_next(
    release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient"
) -> None:
    due = [project(number, status="draft", publish_at=timestamp(NOW - 600 + number)) for number in range(503)]
    put_many(dynamodb, TABLE, due)

    tick(release)

    assert [project_id for project_id, _ in asked_for(bus)] == [item.id for item in due[:500]]


def test_one_query_finds_what_is_due(release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient") -> None:
    put_many(dynamodb, TABLE, [project(number, unpublish_at=FUTURE) for number in range(50)])
    meter = Meter(release.lists._client)

    tick(release)

    ((operation, parameters, units),) = meter.calls
    assert (operation, units, bus.calls) == ("Query", 0.5, [])
    assert "FilterExpression" not in parameters


def test_a_run_that_the_bus_refuses_is_an_error_and_is_made_up_for(
    release: ModuleType, bus: MemoryBus, dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    put_many(dynamodb, TABLE, [project(1, status="draft", publish_at=PAST)])
    full = MemoryBus(lambda _number, _entry: "ThrottlingException")
    with monkeypatch.context() as patch:
        patch.setattr(release, "bus", EventBus(full, "sitewire-local", sleep=lambda _seconds: None))
        with pytest.raises(PublishError):
            tick(release)

    tick(release)

    assert asked_for(bus) == [(identifier(1), PAST)]


@pytest.mark.parametrize("count", [0, 3])
def test_a_run_writes_one_line_that_counts_what_it_asked_for(
    release: ModuleType,
    bus: MemoryBus,
    dynamodb: "DynamoDBClient",
    capsys: pytest.CaptureFixture[str],
    count: int,
) -> None:
    put_many(dynamodb, TABLE, [project(number, status="draft", publish_at=PAST) for number in range(count)])

    tick(release)

    line: dict[str, Any]
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["service"], line["level"], line["Released"]) == ("release_projects", "INFO", count)
    assert line["correlation_id"] == CONTEXT.aws_request_id
    assert len(bus.details) == count
