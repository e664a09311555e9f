from typing import Any

import pytest

from shared.delivery import EarlyError
from shared.projects.outcomes import RejectedError, SupersededError
from shared.projects.project import Purged
from tests.unit.events import projects as commands
from tests.unit.shared.projects.desk import Desk

SYSTEM = {"id", "version", "created_at", "created_by", "updated_at", "updated_by"}


def trashed() -> Desk:
    desk = Desk(summary="A")
    desk.apply(commands.change("DeleteProject", 2, version=1))
    return desk


def purged() -> Desk:
    desk = trashed()
    desk.deliver(commands.change("PurgeProject", 3, version=2))
    return desk


VERSIONED: list[dict[str, Any]] = [
    commands.patch(9, version=1, summary="B"),
    commands.replace(9, version=1),
    commands.change("RevertProject", 9, version=1, to_version=1),
    commands.change("DeleteProject", 9, version=1),
]
TRASHED: list[dict[str, Any]] = [
    commands.change("RestoreProject", 9, version=2),
    commands.change("PurgeProject", 9, version=2),
]
name_of = "{0[name]}".format


def made_for(detail: dict[str, Any], version: int) -> dict[str, Any]:
    """Return a command that is made for another version."""
    return {**detail, "data": {**detail["data"], "version": version}}


def test_a_project_is_created_with_what_its_editor_left_out() -> None:
    project = Desk().apply(commands.create(1, minute=1, summary="A", tags=["x"]))

    assert project.document == {
        "id": commands.identifier(1), "version": 1, "created_at": commands.moment(1), "created_by": commands.AUTHOR,
        "updated_at": commands.moment(1), "updated_by": commands.AUTHOR, "title": commands.TITLE, "locale": "en",
        "slug": "analytical-engine", "summary": "A", "status": "draft", "featured": False, "position": 0,
        "tags": ["x"], "links": [], "images": [], "custom": {}, "seo": {},
    }  # fmt: skip


def test_creating_it_again_has_nothing_left_to_do() -> None:
    for desk in (Desk(summary="A"), trashed(), purged()):
        with pytest.raises(SupersededError):
            desk.apply(commands.create(1))


def test_a_patch_changes_what_it_names_and_counts_a_version() -> None:
    desk = Desk(summary="A", client="Ada", custom={"a": "1", "b": "2"})

    document = desk.apply(commands.patch(2, version=1, client=None, custom={"a": None, "c": "3"})).document

    assert (document["summary"], document["custom"], document["version"]) == ("A", {"b": "2", "c": "3"}, 2)
    assert "client" not in document
    assert (document["created_at"], document["updated_at"]) == (commands.moment(1), commands.moment(2))


@pytest.mark.parametrize(("name", "blank"), [("tags", []), ("links", []), ("images", []), ("custom", {}), ("seo", {})])
def test_a_patch_that_removes_what_is_never_absent_empties_it(name: str, blank: object) -> None:
    desk = Desk(tags=["x"], links=[{"url": "https://example.org"}], images=[{"src": "content:1"}], custom={"a": "1"})

    removal: dict[str, Any] = {name: None}

    assert desk.apply(commands.patch(2, version=1, **removal)).document[name] == blank


def test_a_replacement_removes_what_it_leaves_out_but_slug_and_position() -> None:
    desk = Desk(summary="A", tags=["x"], slug="engine", position=7, status="archived", featured=True)

    document = desk.apply(commands.replace(2, version=1, title="Loom")).document

    assert {name: value for name, value in document.items() if name not in SYSTEM} == {
        "title": "Loom", "locale": "en", "slug": "engine", "position": 7, "status": "draft", "featured": False,
        "tags": [], "links": [], "images": [], "custom": {}, "seo": {},
    }  # fmt: skip


def test_an_earlier_version_comes_back_but_for_status_schedule_and_position() -> None:
    desk = Desk(summary="A", status="archived", position=1, tags=["x"], slug="engine")
    changes: dict[str, Any] = {
        "status": "published",
        "unpublish_at": "2030-01-01T00:00:00.000Z",
        "position": 2,
        "slug": "loom",
    }
    desk.apply(commands.patch(2, version=1, summary="B", tags=["y"], client="Ada", **changes))

    document = desk.apply(commands.change("RevertProject", 3, version=2, to_version=1)).document

    assert (document["summary"], document["tags"], document["slug"], document["version"]) == ("A", ["x"], "engine", 3)
    assert {name: document[name] for name in ("status", "unpublish_at", "position")} == {
        "status": "published", "unpublish_at": "2030-01-01T00:00:00.000Z", "position": 2,
    }  # fmt: skip
    assert "client" not in document


def test_a_version_that_is_not_kept_does_not_come_back() -> None:
    desk = Desk(summary="A")

    with pytest.raises(RejectedError, match="version_not_found"):
        desk.apply(commands.change("RevertProject", 2, version=1, to_version=9))


def test_a_deleted_project_is_in_the_trash_since_then_and_comes_back_as_it_was() -> None:
    desk = Desk(summary="A", status="published")
    before = desk.project.content()

    deleted = desk.apply(commands.change("DeleteProject", 2, version=1))
    restored = desk.apply(commands.change("RestoreProject", 3, version=2))

    assert (deleted.document["deleted_at"], deleted.version) == (commands.moment(2), 2)
    assert (restored.content(), restored.version, restored.is_trashed) == (before, 3, False)


def test_a_purged_project_is_only_an_id() -> None:
    assert purged().state == Purged(commands.identifier(1))


@pytest.mark.parametrize("detail", [*VERSIONED, *TRASHED], ids=name_of)
def test_a_command_to_a_project_that_is_still_to_come_is_early(detail: dict[str, Any]) -> None:
    with pytest.raises(EarlyError) as error:
        Desk().apply(detail)

    assert error.value.reason == "not_found"


@pytest.mark.parametrize("detail", VERSIONED, ids=name_of)
def test_a_command_for_a_version_that_is_still_to_come_is_early(detail: dict[str, Any]) -> None:
    with pytest.raises(EarlyError) as error:
        Desk(summary="A").apply(made_for(detail, 2))

    assert error.value.reason == "conflict"


@pytest.mark.parametrize("detail", [*VERSIONED, *TRASHED], ids=name_of)
def test_a_command_for_a_version_that_is_past_is_rejected(detail: dict[str, Any]) -> None:
    desk = Desk(summary="A")
    desk.apply(commands.patch(2, version=1, summary="B"))

    with pytest.raises(RejectedError, match="conflict"):
        desk.apply(made_for(detail, 1))


@pytest.mark.parametrize("detail", VERSIONED, ids=name_of)
def test_what_is_in_the_trash_is_not_changed(detail: dict[str, Any]) -> None:
    with pytest.raises(RejectedError, match=r"^in_trash$"):
        trashed().apply(made_for(detail, 2))


@pytest.mark.parametrize("detail", TRASHED, ids=name_of)
def test_only_what_is_in_the_trash_is_restored_or_purged(detail: dict[str, Any]) -> None:
    with pytest.raises(RejectedError, match="not_in_trash"):
        Desk(summary="A").apply(made_for(detail, 1))


@pytest.mark.parametrize("detail", [*VERSIONED, *TRASHED], ids=name_of)
def test_what_is_purged_is_not_found(detail: dict[str, Any]) -> None:
    with pytest.raises(RejectedError, match="not_found"):
        purged().apply(detail)


def test_tags_that_differ_in_case_only_are_one_as_it_was_written_first() -> None:
    project = Desk(tags=["Straße", "Print", "PRINT", "STRASSE", "paper"]).project

    assert project.document["tags"] == ["Straße", "Print", "paper"]


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ({"cover": {"alt": "A"}}, "invalid: /cover/src Field required"),
        ({"end_date": "2020-01-01"}, "invalid: /end_date Must not be earlier than date."),
        ({"unpublish_at": "2020-01-01T00:00:00.000Z"}, "invalid: /unpublish_at Must be later than publish_at."),
        ({"custom": {f"c{number}": "1" for number in range(30)}}, "invalid: /custom Dictionary should have at most 30"),
    ],
    ids=str,
)
def test_what_only_several_commands_together_make_invalid_is_rejected(patch: dict[str, Any], reason: str) -> None:
    desk = Desk(date="2026-01-01", publish_at="2030-01-01T00:00:00.000Z", custom={"a": "1"})

    with pytest.raises(RejectedError) as error:
        desk.apply(commands.patch(2, version=1, **patch))

    assert error.value.reason.startswith(reason)
