"""What is told of a change to projects: facts on the bus, and lines in the logs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from schemas.project_events import PROJECT_FACTS
from tests.e2e.bus_listener import Listener, listening
from tests.e2e.commands import sitewire
from tests.e2e.conftest import Site, eventually
from tests.e2e.projects import PROJECTS, Kept, change, content, create, outcome, patch, send


@pytest.fixture(scope="module")
def listener(site: Site) -> Iterator[Listener]:
    """Give somebody who hears all facts while these tests run."""
    with listening(site) as listener:
        yield listener


def test_a_fact_tells_what_became_of_the_project_and_where_that_came_from(site: Site, listener: Listener) -> None:
    headers = {"X-Correlation-Id": "project-facts-0001"}

    accepted = send(site, "POST", PROJECTS, json=content(site, status="published"), headers=headers).json()

    facts = listener.await_facts(accepted["operation_id"], 2)
    assert [fact["name"] for fact in facts] == ["ProjectCreated", "ProjectPublished"]
    assert {fact["correlation_id"] for fact in facts} == {"project-facts-0001"}
    assert {fact["data"]["project_id"] for fact in facts} == {accepted["id"]}
    assert len({fact["id"] for fact in facts}) == 2
    for fact in facts:
        PROJECT_FACTS[fact["name"]].model_validate(fact)


@pytest.mark.parametrize(
    ("method", "action", "body", "expected"),
    [
        ("PATCH", "", {"client": "Somebody"}, ["ProjectUpdated"]),
        ("PATCH", "", {"status": "archived"}, ["ProjectUpdated", "ProjectUnpublished"]),
        ("POST", "/revert", {"version": 1}, ["ProjectUpdated"]),
        ("DELETE", "", None, ["ProjectDeleted", "ProjectUnpublished"]),
    ],
)
def test_each_change_is_told(
    site: Site, listener: Listener, method: str, action: str, body: dict[str, Any] | None, expected: list[str]
) -> None:
    public = create(site, status="published")

    operation_id = _operation(site, public, method, action, json=body)

    assert _names(listener, operation_id, len(expected)) == expected


@pytest.mark.parametrize(
    ("action", "expected"), [("/restore", ["ProjectRestored", "ProjectPublished"]), ("/purge", ["ProjectPurged"])]
)
def test_each_way_out_of_the_trash_is_told(site: Site, listener: Listener, action: str, expected: list[str]) -> None:
    trashed = change(site, create(site, status="published"), "DELETE")

    operation_id = _operation(site, trashed, "POST", action)

    assert _names(listener, operation_id, len(expected)) == expected


def test_a_new_order_is_told_once_for_all(site: Site, listener: Listener) -> None:
    ids = [create(site).id for _ in range(2)]
    positions = [{"id": project_id, "position": place} for place, project_id in enumerate(ids)]

    accepted = send(site, "POST", f"{PROJECTS}/order", json={"positions": positions}).json()

    (fact,) = listener.await_facts(accepted["operation_id"], 1)
    assert (fact["name"], fact["data"]["project_ids"]) == ("ProjectsReordered", ids)


def test_nothing_is_told_of_a_change_that_was_rejected(site: Site, listener: Listener) -> None:
    stale = create(site)
    patch(site, stale, client="The first")

    rejected = _operation(site, stale, "PATCH", json={"client": "The second"})
    afterwards = _operation(site, create(site), "PATCH", json={"client": "Somebody"})

    listener.await_facts(afterwards, 1)
    assert outcome(site, rejected)["status"] == "rejected"
    assert listener.facts(rejected) == []


def test_one_correlation_id_leads_from_the_request_to_the_worker(site: Site) -> None:
    kept = create(site)
    operation_id = _operation(site, kept, "DELETE", headers={"X-Correlation-Id": "project-logs-0001"})
    outcome(site, operation_id)

    lines = eventually(lambda: _followed(site, "project-logs-0001"))

    assert {line["service"] for line in lines} == {"ingest_projects", "apply_project"}
    assert {line["message_id"] for line in lines} == {operation_id}


def _operation(site: Site, kept: Kept, method: str, action: str = "", **options: Any) -> str:
    """Send a change and return its operation."""
    answer = send(site, method, kept.path + action, kept.tag, **options)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["operation_id"])


def _names(listener: Listener, operation_id: str, count: int) -> list[str]:
    return [fact["name"] for fact in listener.await_facts(operation_id, count)]


def _followed(site: Site, correlation_id: str) -> list[dict[str, Any]] | None:
    """Return what `sitewire logs` shows of a correlation id, once both functions have written."""
    shown = sitewire(site.folder.parent, "logs", "--json").out.splitlines()
    lines = [json.loads(line) for line in shown if correlation_id in line]
    return lines if len({line["service"] for line in lines}) == 2 else None
