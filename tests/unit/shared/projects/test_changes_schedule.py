from typing import Any

import pytest

from shared.projects.outcomes import SupersededError
from shared.projects.project import Purged
from tests.unit.events import projects as commands
from tests.unit.shared.projects.desk import Desk

PAST, SOON, LATER = "2020-01-01T00:00:00.000Z", "2030-01-01T00:00:00.000Z", "2031-01-01T00:00:00.000Z"


def shown(desk: Desk, *names: str) -> dict[str, Any]:
    return {name: desk.project.document[name] for name in names if name in desk.project.document}


def test_a_project_that_is_published_was_so_since_then() -> None:
    desk = Desk(summary="A")

    desk.apply(commands.patch(2, version=1, status="published"))
    desk.apply(commands.patch(3, version=2, status="draft"))
    desk.apply(commands.patch(4, version=3, status="published"))

    assert shown(desk, "status", "published_at") == {"status": "published", "published_at": commands.moment(2)}


def test_what_is_to_be_published_later_is_a_draft_until_then() -> None:
    desk = Desk(status="published", publish_at=SOON)

    assert shown(desk, "status", "publish_at", "published_at") == {"status": "draft", "publish_at": SOON}
    assert desk.project.due_at == SOON


def test_what_was_to_be_published_earlier_is_published() -> None:
    desk = Desk(status="published", publish_at=PAST)

    assert shown(desk, "status", "publish_at", "published_at") == {
        "status": "published", "published_at": commands.moment(1),
    }  # fmt: skip


def test_a_published_project_that_is_given_a_later_time_is_withdrawn_until_then() -> None:
    desk = Desk(status="published")

    desk.apply(commands.patch(2, version=1, publish_at=SOON))

    assert shown(desk, "status", "publish_at") == {"status": "draft", "publish_at": SOON}


def test_when_its_time_has_come_a_draft_is_published_as_of_that_time() -> None:
    desk = Desk(publish_at=SOON, unpublish_at=LATER)

    desk.apply(commands.release(2, due_at=SOON))

    assert shown(desk, "status", "publish_at", "unpublish_at", "published_at", "version", "updated_at") == {
        "status": "published", "unpublish_at": LATER, "published_at": SOON, "version": 2,
        "updated_at": commands.moment(2),
    }  # fmt: skip


def test_when_its_time_has_come_a_published_project_is_archived() -> None:
    desk = Desk(status="published", unpublish_at=SOON)

    desk.apply(commands.release(2, due_at=SOON))

    assert shown(desk, "status", "unpublish_at", "version") == {"status": "archived", "version": 2}
    assert desk.project.due_at is None


def test_when_its_time_has_come_what_is_in_the_trash_is_purged() -> None:
    desk = Desk(summary="A")
    desk.apply(commands.change("DeleteProject", 2, version=1))

    desk.deliver(commands.release(3, due_at="2026-09-15T12:02:00.000Z"))

    assert desk.state == Purged(commands.identifier(1))


@pytest.mark.parametrize(
    "content", [{"publish_at": LATER}, {"status": "archived", "publish_at": SOON}, {"summary": "A"}]
)
def test_what_is_due_no_more_is_not_done(content: dict[str, Any]) -> None:
    desk = Desk(**content)

    with pytest.raises(SupersededError):
        desk.apply(commands.release(2, due_at=SOON))


def test_nothing_is_due_to_what_is_purged_or_never_was() -> None:
    purged = Desk()
    purged.state = Purged(commands.identifier(1))

    for desk in (Desk(), purged):
        with pytest.raises(SupersededError):
            desk.apply(commands.release(2, due_at=SOON))
