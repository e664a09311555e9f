from typing import Any

import pytest

from schemas.projects import ProjectContent
from shared.projects.project import CONTENT, Project

DOCUMENT = {"id": "1", "version": 3, "locale": "en", "slug": "engine", "title": "Engine", "status": "draft"}
NEW_YEAR, SPRING = "2027-01-01T00:00:00.000Z", "2027-03-01T00:00:00.000Z"


def project(**changes: Any) -> Project:
    return Project({**DOCUMENT, **changes})


def test_the_content_is_what_an_editor_may_write() -> None:
    assert set(CONTENT) == set(ProjectContent.__annotations__)


def test_the_content_of_a_project_has_nothing_of_the_systems() -> None:
    assert project(summary="A").content() == {
        "title": "Engine", "slug": "engine", "locale": "en", "summary": "A", "status": "draft",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "public", "listed"),
    [
        ({}, False, "draft"),
        ({"status": "published"}, True, "published"),
        ({"status": "archived"}, False, "archived"),
        ({"status": "published", "deleted_at": NEW_YEAR}, False, "trashed"),
    ],
    ids=str,
)
def test_only_what_is_published_and_not_in_the_trash_is_public(
    changes: dict[str, Any],
    public: bool,
    listed: str,
) -> None:
    assert (project(**changes).is_public, project(**changes).listed_as) == (public, listed)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, None),
        ({"publish_at": NEW_YEAR, "unpublish_at": SPRING}, NEW_YEAR),
        ({"unpublish_at": SPRING}, None),
        ({"status": "published", "unpublish_at": SPRING}, SPRING),
        ({"status": "published"}, None),
        ({"status": "archived", "publish_at": NEW_YEAR, "unpublish_at": SPRING}, None),
        ({"publish_at": NEW_YEAR, "deleted_at": "2027-02-01T10:20:30.999Z"}, "2027-03-03T10:20:30.000Z"),
    ],
    ids=str,
)
def test_what_is_due_follows_from_the_status(changes: dict[str, Any], due: str | None) -> None:
    assert project(**changes).due_at == due
