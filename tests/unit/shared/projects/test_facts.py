from typing import Any

import pytest

from schemas.project_events import PROJECT_FACTS
from shared.ids import is_well_formed
from shared.projects.facts import facts_of, reordered
from shared.projects.project import Project, Purged
from tests.unit.events import projects as commands

ORIGIN = {"operation_id": commands.identifier(9), "occurred_at": commands.moment(9), "correlation_id": "correlation"}
DOCUMENT = {"id": "1", "version": 3, "locale": "en", "slug": "engine", "title": "Engine", "status": "draft"}
TRASHED = {"deleted_at": commands.moment(0)}
PUBLISHED = {"status": "published"}


def project(**changes: Any) -> Project:
    return Project({**DOCUMENT, **changes})


def names(before: Project | None, after: Project | Purged) -> list[str]:
    return [fact.name for fact in facts_of(before, after, **ORIGIN)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, {}, ["ProjectCreated"]),
        (None, PUBLISHED, ["ProjectCreated", "ProjectPublished"]),
        ({}, {}, ["ProjectUpdated"]),
        ({}, PUBLISHED, ["ProjectUpdated", "ProjectPublished"]),
        (PUBLISHED, PUBLISHED, ["ProjectUpdated"]),
        (PUBLISHED, {"status": "archived"}, ["ProjectUpdated", "ProjectUnpublished"]),
        ({}, TRASHED, ["ProjectDeleted"]),
        (PUBLISHED, PUBLISHED | TRASHED, ["ProjectDeleted", "ProjectUnpublished"]),
        (TRASHED, {}, ["ProjectRestored"]),
        (PUBLISHED | TRASHED, PUBLISHED, ["ProjectRestored", "ProjectPublished"]),
    ],
    ids=str,
)
def test_the_world_is_told_what_happened_and_who_may_read_it_now(
    before: dict[str, Any] | None, after: dict[str, Any], told: list[str]
) -> None:
    assert names(None if before is None else project(**before), project(**after)) == told


def test_of_a_purged_project_only_that_is_told() -> None:
    assert names(project(**PUBLISHED, **TRASHED), Purged("1")) == ["ProjectPurged"]


def test_a_fact_tells_of_the_project_as_it_is_after_the_change() -> None:
    (fact,) = facts_of(project(), project(slug="loom", version=4), **ORIGIN)

    assert fact.data == {
        "project_id": "1", "operation_id": commands.identifier(9), "slug": "loom", "locale": "en", "status": "draft",
        "version": 4,
    }  # fmt: skip
    assert (fact.source, fact.occurred_at, fact.correlation_id) == (
        "sitewire.projects",
        commands.moment(9),
        "correlation",
    )


def test_a_purged_project_is_told_of_as_it_was() -> None:
    (fact,) = facts_of(project(**TRASHED), Purged("1"), **ORIGIN)

    assert (fact.data["project_id"], fact.data["version"]) == ("1", 3)


def test_the_same_change_gives_the_same_ids_and_no_two_facts_have_one() -> None:
    first, second = (facts_of(None, project(**PUBLISHED), **ORIGIN) for _ in range(2))
    other = facts_of(None, project(**PUBLISHED), **{**ORIGIN, "operation_id": commands.identifier(8)})

    ids = [fact.id for fact in (*first, *other)]
    assert first == second
    assert len(set(ids)) == 4
    assert all(map(is_well_formed, ids))


def test_an_order_is_told_of_with_the_projects_in_it() -> None:
    fact = reordered(["1", "2"], **ORIGIN)

    assert (fact.name, fact.data) == (
        "ProjectsReordered", {"project_ids": ["1", "2"], "operation_id": commands.identifier(9)},
    )  # fmt: skip


@pytest.mark.parametrize(
    "fact",
    [
        *facts_of(None, project(**PUBLISHED), **ORIGIN), *facts_of(project(**TRASHED), Purged("1"), **ORIGIN),
        *facts_of(project(**TRASHED), project(), **ORIGIN), reordered(["1"], **ORIGIN),
    ],
    ids=lambda fact: fact.name,
)  # fmt: skip
def test_a_fact_is_of_the_declared_shape(fact: Any) -> None:
    detail = {**fact._asdict(), "version": 1}

    assert PROJECT_FACTS[fact.name].model_validate(detail).model_dump(mode="json")["data"] == fact.data
