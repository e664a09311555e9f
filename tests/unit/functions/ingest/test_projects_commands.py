"""What becomes of a valid request: the command on the bus and the promise to its sender."""

import json
from types import ModuleType
from typing import Any

import pytest

from schemas.project_events import PROJECT_COMMANDS
from shared.aws.client import JsonClient
from shared.ids import is_well_formed
from shared.publishing import EventBus
from tests.unit import events
from tests.unit.functions.ingest.writing import (
    CREDENTIALS,
    EDITOR,
    ON_ONE,
    OTHER_ID,
    PROJECT_ID,
    STAGE_URL,
    WRITES,
    document_of,
    send,
)
from tests.unit.shared.aws.endpoints import answer, endpoint
from tests.unit.shared.buses import MemoryBus
from tests.unit.shared.table.memory import MemoryTable

AIMED = {"project_id": PROJECT_ID, "version": 3, "author": EDITOR}
COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "api_put_project": (
        "ReplaceProject",
        {
            **AIMED,
            "project": {
                "title": "Analytical Engine",
                "summary": "It follows any rule.",
                "locale": "en-GB",
                "status": "draft",
            },
        },
    ),
    "api_patch_project": (
        "PatchProject",
        {**AIMED, "patch": {"summary": None, "status": "published", "seo": {"noindex": True}}},
    ),
    "api_delete_project": ("DeleteProject", AIMED),
    "api_restore_project": ("RestoreProject", AIMED),
    "api_purge_project": ("PurgeProject", AIMED),
    "api_revert_project": ("RevertProject", {**AIMED, "to_version": 1}),
    "api_order_projects": (
        "ReorderProjects",
        {"positions": [{"id": PROJECT_ID, "position": 20}, {"id": OTHER_ID, "position": 10}], "author": EDITOR},
    ),
}


def published(bus: MemoryBus) -> dict[str, Any]:
    """Return the data of the one command that was published."""
    (detail,) = bus.details
    data: dict[str, Any] = detail["data"]
    return data


@pytest.mark.parametrize(("name", "command"), COMMANDS.items(), ids=COMMANDS)
def test_a_write_is_published_as_its_command(
    projects: ModuleType, bus: MemoryBus, name: str, command: tuple[str, dict[str, Any]]
) -> None:
    send(projects, name)

    (detail,) = bus.details
    assert (detail["name"], detail["data"]) == command


def test_a_new_project_is_published_whole_as_it_was_written(projects: ModuleType, bus: MemoryBus) -> None:
    written = json.loads(events.read("api_post_project")["body"])

    send(projects, "api_post_project")

    # White space around a text is no part of it.
    expected = {**written, "body": written["body"].strip(), "locale": "de"}
    assert (bus.details[0]["name"], published(bus)) == ("CreateProject", {"project": expected, "author": EDITOR})


@pytest.mark.parametrize("name", WRITES)
def test_what_is_published_is_a_command_of_the_contract(projects: ModuleType, bus: MemoryBus, name: str) -> None:
    send(projects, name, headers={"X-Correlation-Id": "correlation-1"})

    (detail,) = bus.details
    model: Any = PROJECT_COMMANDS[detail["name"]]
    command = model.model_validate(detail)
    assert (command.id, command.correlation_id) == (detail["id"], "correlation-1")
    assert command.data.author == EDITOR
    assert (bus.taken[0]["Source"], bus.taken[0]["DetailType"]) == ("sitewire.projects", detail["name"])


def test_the_trace_travels_with_the_command(
    projects: ModuleType, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")

    send(projects, "api_post_project")

    assert bus.taken[0]["TraceHeader"] == "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_promised_with_the_place_to_ask(projects: ModuleType, bus: MemoryBus, name: str) -> None:
    response = send(projects, name)

    document = document_of(response)
    url = f"{STAGE_URL}/api/operations/{bus.details[0]['id']}"
    assert response["statusCode"] == 202
    assert document.keys() == {"id", "operation_id", "status_url"}
    assert document["operation_id"] == bus.details[0]["id"]
    assert document["status_url"] == response["headers"]["Location"] == url
    assert response["headers"]["Retry-After"] == "1"
    assert is_well_formed(document["operation_id"])


@pytest.mark.parametrize("name", ON_ONE)
def test_the_promise_of_a_change_names_its_project(projects: ModuleType, name: str) -> None:
    document = document_of(send(projects, name))

    assert document["id"] == PROJECT_ID != document["operation_id"]


@pytest.mark.parametrize("name", ["api_post_project", "api_order_projects"])
def test_the_promise_of_a_new_project_or_order_names_the_operation(projects: ModuleType, name: str) -> None:
    document = document_of(send(projects, name))

    assert document["id"] == document["operation_id"]


@pytest.mark.parametrize("name", WRITES)
def test_a_write_reads_nothing_unless_it_is_asked_to_wait(projects: ModuleType, table: MemoryTable, name: str) -> None:
    send(projects, name)

    assert table.reads == []


@pytest.mark.parametrize("name", ["api_post_project", "api_put_project"])
@pytest.mark.parametrize(("written", "locale"), [({}, "de"), ({"locale": "pt-BR"}, "pt-BR")])
def test_a_project_without_a_locale_has_the_stages_own(
    projects: ModuleType, bus: MemoryBus, name: str, written: dict[str, str], locale: str
) -> None:
    send(projects, name, body={"title": "Engine", **written})

    assert published(bus)["project"]["locale"] == locale


def test_a_patch_is_given_no_locale(projects: ModuleType, bus: MemoryBus) -> None:
    send(projects, "api_patch_project", body={"title": "Engine"})

    assert published(bus)["patch"] == {"title": "Engine"}


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000Z"),
        ("2026-03-01T01:30:00+02:00", "2026-02-28T23:30:00.000Z"),
        ("2026-03-01T12:00:00.123456-05:00", "2026-03-01T17:00:00.123Z"),
        ("2024-02-28 23:59:59.9996Z", "2024-02-29T00:00:00.000Z"),
    ],
)
@pytest.mark.parametrize("name", ["api_post_project", "api_patch_project"])
@pytest.mark.parametrize("field", ["publish_at", "unpublish_at"])
def test_times_travel_in_utc(
    projects: ModuleType, bus: MemoryBus, name: str, field: str, written: str, stored: str
) -> None:
    send(projects, name, body={"title": "Engine", field: written})

    data = published(bus)
    assert (data.get("project") or data["patch"])[field] == stored


def test_days_travel_as_they_were_written(projects: ModuleType, bus: MemoryBus) -> None:
    send(projects, "api_post_project", body={"title": "Engine", "date": "2024-02-29", "end_date": "2024-02-29"})

    project = published(bus)["project"]
    assert (project["date"], project["end_date"]) == ("2024-02-29", "2024-02-29")


def test_null_travels_in_a_patch(projects: ModuleType, bus: MemoryBus) -> None:
    removed = dict.fromkeys(["slug", "date", "end_date", "publish_at", "unpublish_at", "cover", "custom", "tags"])

    response = send(projects, "api_patch_project", body=removed)

    assert (response["statusCode"], published(bus)["patch"]) == (202, removed)


@pytest.mark.parametrize("media_type", ["application/json", "application/merge-patch+json; charset=utf-8", "", None])
def test_a_patch_is_a_merge_patch_by_any_of_its_names(
    projects: ModuleType, bus: MemoryBus, media_type: str | None
) -> None:
    assert send(projects, "api_patch_project", headers={"Content-Type": media_type})["statusCode"] == 202
    assert len(bus.taken) == 1


def test_a_move_of_all_that_an_order_can_hold_is_accepted(projects: ModuleType, bus: MemoryBus) -> None:
    positions = [{"id": f"01990000-0000-7000-8000-{number:012x}", "position": 0} for number in range(100)]

    response = send(projects, "api_order_projects", body={"positions": positions})

    assert (response["statusCode"], published(bus)["positions"]) == (202, positions)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_project_travels_over_the_wire_as_one_event(projects: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint([answer({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})]) as server:
        environment = {**CREDENTIALS, "AWS_ENDPOINT_URL": server.url}
        client = JsonClient(service="events", target="AWSEvents", environment=environment)
        monkeypatch.setattr(projects, "bus", EventBus(client, "sitewire-local"))

        response = send(projects, "api_post_project", body={"title": "Žofie 👋", "body": 'a\r\n\t"b" \\ ü'})

    (entry,) = json.loads(server.received[0].body)["Entries"]
    detail = json.loads(entry["Detail"])
    assert (response["statusCode"], detail["id"]) == (202, document_of(response)["id"])
    assert detail["data"]["project"] == {"title": "Žofie 👋", "body": 'a\r\n\t"b" \\ ü', "locale": "de"}
