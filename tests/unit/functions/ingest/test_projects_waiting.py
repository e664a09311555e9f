"""What a caller is told who would rather wait for the outcome."""

import json
from types import ModuleType
from typing import Any

import pytest

from shared.aws.errors import AwsError, AwsRefusedError, AwsUnreachableError
from shared.http.conditional import entity_tag
from shared.publishing import EventBus
from shared.table import keys
from tests.unit.functions.ingest.writing import ON_ONE, PROJECT_ID, STAGE_URL, document_of, send
from tests.unit.shared.buses import MemoryBus
from tests.unit.shared.table.memory import MemoryTable

KEY = {"Idempotency-Key": "key-1"}
RECORD: dict[str, Any] = {
    "id": PROJECT_ID,
    "version": 4,
    "title": "Maschine für alles",
    "slug": "maschine",
    "locale": "de",
    "status": "draft",
    "tags": ["Mechanik"],
    "custom": {"größe": "1:1"},
}
ERRORS = [AwsUnreachableError("TimeoutError"), AwsRefusedError(400, "ProvisionedThroughputExceededException")]


def promised(projects: ModuleType, name: str) -> str:
    """Return the id of the operation that the event `name` with `KEY` is."""
    return str(document_of(send(projects, name, headers=KEY))["operation_id"])


def waited(projects: ModuleType, name: str, preference: str = "wait=5") -> dict[str, Any]:
    return send(projects, name, headers={**KEY, "Prefer": preference})


def decide(table: MemoryTable, operation_id: str, outcome: str, reason: str | None = None, *, at: float = 0.0) -> None:
    """Write what the worker made of an operation."""
    extra = {"reason": reason} if reason else {}
    table.put({**keys.ledger_entry(operation_id, "apply_project"), "outcome": outcome, **extra}, at=at)


def keep(table: MemoryTable, record: dict[str, Any]) -> None:
    table.put({**keys.project(record["id"]), "document": json.dumps(record, ensure_ascii=False)})


def test_a_project_that_was_created_in_time_is_answered(projects: ModuleType, table: MemoryTable) -> None:
    project_id = promised(projects, "api_post_project")
    created = {**RECORD, "id": project_id, "version": 1}
    decide(table, project_id, "applied", at=1.0)
    keep(table, created)

    response = waited(projects, "api_post_project")

    assert (response["statusCode"], document_of(response)) == (201, created)
    assert response["headers"]["Location"] == f"{STAGE_URL}/api/projects/{project_id}"
    assert response["headers"]["ETag"] == entity_tag(created, version=1)
    assert response["headers"]["Preference-Applied"] == "wait=5"
    assert "Retry-After" not in response["headers"]


@pytest.mark.parametrize("name", ON_ONE)
def test_a_project_that_was_changed_in_time_is_answered(projects: ModuleType, table: MemoryTable, name: str) -> None:
    decide(table, promised(projects, name), "applied", at=0.5)
    keep(table, RECORD)

    response = waited(projects, name)

    assert (response["statusCode"], document_of(response)) == (200, RECORD)
    assert response["headers"]["ETag"] == entity_tag(RECORD, version=4)
    assert response["headers"]["Preference-Applied"] == "wait=5"
    assert "Location" not in response["headers"]


def test_the_answered_tag_can_be_sent_back_with_the_next_change(
    projects: ModuleType, bus: MemoryBus, table: MemoryTable
) -> None:
    decide(table, promised(projects, "api_patch_project"), "applied")
    keep(table, RECORD)
    tag = waited(projects, "api_patch_project")["headers"]["ETag"]

    send(projects, "api_delete_project", headers={"If-Match": tag})

    assert bus.details[-1]["data"]["version"] == RECORD["version"]


def test_a_project_that_was_purged_in_time_is_answered_by_its_id(projects: ModuleType, table: MemoryTable) -> None:
    operation_id = promised(projects, "api_purge_project")
    decide(table, operation_id, "applied")
    table.put({**keys.project(PROJECT_ID), "expires_at": "1786901500"})

    response = waited(projects, "api_purge_project")

    assert response["statusCode"] == 200
    assert document_of(response) == {"id": PROJECT_ID, "operation_id": operation_id}
    assert "ETag" not in response["headers"]


def test_an_order_that_was_applied_in_time_is_answered_by_its_operation(
    projects: ModuleType, table: MemoryTable
) -> None:
    operation_id = promised(projects, "api_order_projects")
    decide(table, operation_id, "applied")

    response = waited(projects, "api_order_projects")

    assert response["statusCode"] == 200
    assert document_of(response) == {"id": operation_id, "operation_id": operation_id}
    assert table.reads == [keys.ledger_partition(operation_id)]


@pytest.mark.parametrize(
    ("reason", "status", "kind"),
    [
        ("conflict", 412, "version-mismatch"),
        ("slug_taken", 409, "rejected"),
        ("in_trash", 409, "rejected"),
        ("invalid: /cover/src Field required", 409, "rejected"),
    ],
)
def test_a_rejection_is_told_with_the_project_as_it_is(
    projects: ModuleType, table: MemoryTable, reason: str, status: int, kind: str
) -> None:
    decide(table, promised(projects, "api_patch_project"), "rejected", reason)
    keep(table, RECORD)

    response = waited(projects, "api_patch_project")

    problem = document_of(response)
    assert (response["statusCode"], problem["type"]) == (status, f"urn:sitewire:problem:{kind}")
    assert response["headers"]["Content-Type"] == "application/problem+json"
    assert problem["record"] == RECORD
    assert response["headers"]["ETag"] == entity_tag(RECORD, version=4)
    assert response["headers"]["Preference-Applied"] == "wait=5"


def test_a_rejection_tells_its_reason(projects: ModuleType, table: MemoryTable) -> None:
    decide(table, promised(projects, "api_post_project"), "rejected", "slug_taken")

    response = waited(projects, "api_post_project")

    assert response["statusCode"] == 409
    assert document_of(response)["detail"] == "The change could not be applied: slug_taken."
    assert "record" not in document_of(response)
    assert "ETag" not in response["headers"]


@pytest.mark.parametrize("name", ["api_patch_project", "api_order_projects"])
def test_what_is_about_a_project_that_is_not_there_is_not_found(
    projects: ModuleType, table: MemoryTable, name: str
) -> None:
    decide(table, promised(projects, name), "rejected", "not_found")

    response = waited(projects, name)

    assert (response["statusCode"], document_of(response)["type"]) == (404, "urn:sitewire:problem:not-found")
    assert response["headers"]["Preference-Applied"] == "wait=5"


@pytest.mark.parametrize(
    ("preference", "seconds"),
    [("wait=1", 1), ("wait=5", 5), ("wait=6", 5), ("wait=999999999", 5), ('respond-async, Wait = "3"; x=y', 3)],
)
def test_nobody_waits_longer_than_asked_or_allowed(
    projects: ModuleType, table: MemoryTable, preference: str, seconds: int
) -> None:
    response = waited(projects, "api_patch_project", preference)

    assert response["statusCode"] == 202
    assert document_of(response).keys() == {"id", "operation_id", "status_url"}
    assert response["headers"]["Retry-After"] == "1"
    assert "Preference-Applied" not in response["headers"]
    assert seconds - 0.3 < table.clock() <= seconds


def test_who_waits_asks_often_at_first_and_no_more_than_four_times_a_second_then(
    projects: ModuleType, table: MemoryTable
) -> None:
    waited(projects, "api_patch_project", "wait=1")
    first_second = len(table.reads)
    waited(projects, "api_patch_project", "wait=5")

    assert first_second > 5
    assert len(table.reads) <= first_second * 2 + 4 * 4


def test_an_outcome_of_the_last_moment_is_answered(projects: ModuleType, table: MemoryTable) -> None:
    decide(table, promised(projects, "api_patch_project"), "applied", at=4.7)
    keep(table, RECORD)

    assert waited(projects, "api_patch_project")["statusCode"] == 200


def test_an_outcome_that_comes_too_late_is_promised(projects: ModuleType, table: MemoryTable) -> None:
    decide(table, promised(projects, "api_patch_project"), "applied", at=5.1)
    keep(table, RECORD)

    assert waited(projects, "api_patch_project")["statusCode"] == 202


@pytest.mark.parametrize("preference", ["", "wait", "wait=", "wait=0", "wait=-1", "wait=soon", "wait=5.5", "await=5"])
def test_a_preference_that_asks_for_no_wait_reads_nothing(
    projects: ModuleType, table: MemoryTable, preference: str
) -> None:
    response = waited(projects, "api_patch_project", preference)

    assert (response["statusCode"], table.reads) == (202, [])


@pytest.mark.parametrize("error", ERRORS, ids=["unreachable", "refused"])
@pytest.mark.parametrize("name", ["api_post_project", "api_order_projects", *ON_ONE])
def test_a_table_that_can_not_be_asked_leaves_the_promise(
    projects: ModuleType, bus: MemoryBus, table: MemoryTable, name: str, error: AwsError
) -> None:
    table.fail(error)

    response = waited(projects, name)

    assert response["statusCode"] == 202
    assert document_of(response)["operation_id"] == bus.details[0]["id"]


@pytest.mark.parametrize("outcome", ["applied", "rejected"])
@pytest.mark.parametrize("error", ERRORS, ids=["unreachable", "refused"])
def test_a_project_that_can_not_be_read_leaves_the_promise(
    projects: ModuleType, table: MemoryTable, outcome: str, error: AwsError
) -> None:
    operation_id = promised(projects, "api_patch_project")
    decide(table, operation_id, outcome, "conflict")
    table.fail(error, partition="PROJECT#")

    response = waited(projects, "api_patch_project")

    assert (response["statusCode"], document_of(response)["operation_id"]) == (202, operation_id)


def test_a_silent_table_costs_two_seconds_at_most(
    loaded_projects: ModuleType, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeouts: list[float] = []

    def time_out(_address: tuple[str, int], timeout: float) -> None:
        timeouts.append(timeout)
        raise TimeoutError

    monkeypatch.setattr(loaded_projects, "bus", EventBus(bus, "sitewire-local"))
    monkeypatch.setattr("socket.create_connection", time_out)

    response = waited(loaded_projects, "api_patch_project")

    assert response["statusCode"] == 202
    assert 0 < sum(timeouts) <= 2


def test_another_consumers_entry_is_no_outcome(projects: ModuleType, table: MemoryTable) -> None:
    operation_id = promised(projects, "api_patch_project")
    table.put({**keys.ledger_entry(operation_id, "notify_project"), "outcome": "applied"})

    assert waited(projects, "api_patch_project")["statusCode"] == 202


def test_the_command_is_published_before_anybody_waits(
    projects: ModuleType, bus: MemoryBus, table: MemoryTable
) -> None:
    waited(projects, "api_patch_project", "wait=1")

    assert len(bus.taken) == 1
    assert set(table.reads) == {keys.ledger_partition(bus.details[0]["id"])}
