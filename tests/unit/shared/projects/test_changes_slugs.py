import pytest

from shared.projects.outcomes import RejectedError
from shared.projects.project import KEPT_SLUGS
from tests.unit.events import projects as commands
from tests.unit.shared.projects.desk import Desk

OTHER = commands.identifier(7)


def test_the_slug_of_a_project_stays_when_its_title_changes() -> None:
    desk = Desk(summary="A")

    project = desk.apply(commands.patch(2, version=1, title="Loom"))

    assert (project.slug, project.former) == (("en", "analytical-engine"), ())


def test_a_slug_that_is_removed_is_made_from_the_title_again() -> None:
    desk = Desk(slug="engine")

    project = desk.apply(commands.patch(2, version=1, title="Loom", slug=None))

    assert (project.slug, project.former) == (("en", "loom"), (("en", "engine"),))


def test_a_slug_that_others_have_is_refused_when_it_was_asked_for() -> None:
    desk = Desk(summary="A")
    desk.others["en", "engine"] = OTHER

    with pytest.raises(RejectedError, match="slug_taken"):
        desk.apply(commands.patch(2, version=1, slug="engine"))


def test_a_slug_that_others_have_is_numbered_when_it_is_made() -> None:
    desk = Desk()
    desk.others["en", "analytical-engine"] = OTHER

    assert desk.apply(commands.create(1)).slug == ("en", "analytical-engine-2")


def test_a_slug_that_looks_like_an_id_is_refused() -> None:
    with pytest.raises(RejectedError, match="slug_taken"):
        Desk(slug=OTHER)


def test_a_project_takes_its_slug_to_another_locale_when_nobody_has_it_there() -> None:
    desk = Desk(slug="engine")
    desk.others["fr", "engine"] = OTHER

    project = desk.apply(commands.patch(2, version=1, locale="de"))

    assert (project.slug, project.former) == (("de", "engine"), (("en", "engine"),))
    with pytest.raises(RejectedError, match="slug_taken"):
        desk.apply(commands.patch(3, version=2, locale="fr"))


def test_a_former_slug_that_comes_back_is_a_former_one_no_more() -> None:
    desk = Desk(slug="a")
    desk.apply(commands.patch(2, version=1, slug="b"))

    project = desk.apply(commands.patch(3, version=2, slug="a"))

    assert (project.slug, project.former) == (("en", "a"), (("en", "b"),))


def test_the_last_former_slugs_are_kept() -> None:
    desk = Desk(slug="s0")
    for number in range(1, KEPT_SLUGS + 4):
        desk.apply(commands.patch(number, version=number, slug=f"s{number}"))

    assert desk.project.former == tuple(("en", f"s{number}") for number in range(3, KEPT_SLUGS + 3))
