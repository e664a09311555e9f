import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.text import SLUG
from shared.projects.project import Slug
from shared.projects.slugs import LENGTH, Owner, is_free, made_from
from tests.unit.events import projects as commands
from tests.unit.properties import reproducible

OWN, OTHER = commands.identifier(1), commands.identifier(2)


def owned(owners: dict[Slug, str]) -> Owner:
    return owners.get


def made(title: str, owners: dict[Slug, str] | None = None) -> str:
    return made_from(title, "en", project_id=OWN, owner=owned(owners or {}))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Analytical Engine", "analytical-engine"),
        ("Élan", "elan"),
        ("日本", "ri-ben"),
        ("Größe", "grosse"),
        ("Über Straßen & Brücken", "uber-strassen-brucken"),
        ("  C++ / 1,000 lines -- (draft)  ", "c-1000-lines-draft"),
        ("🎉", "project"),
        ("!?", "project"),
    ],
)
def test_a_slug_is_what_can_be_read_of_a_title(title: str, slug: str) -> None:
    assert made(title) == slug


@reproducible
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200))
def test_every_title_gives_a_slug_that_an_editor_could_have_written(title: str) -> None:
    slug = made(title)

    assert re.fullmatch(SLUG, slug)
    assert len(slug) <= LENGTH


@pytest.mark.parametrize("taken", [1, 2, 48])
def test_a_slug_that_others_have_is_numbered(taken: int) -> None:
    owners = {("en", "engine" if number == 1 else f"engine-{number}"): OTHER for number in range(1, taken + 1)}

    assert made("Engine", owners) == f"engine-{taken + 1}"


def test_the_same_slug_in_another_locale_is_no_reason_for_a_number() -> None:
    assert made("Engine", {("de", "engine"): OTHER}) == "engine"


def test_a_project_keeps_the_slug_that_it_has_or_had() -> None:
    assert made("Engine", {("en", "engine"): OWN}) == "engine"


@pytest.mark.parametrize("title", ["engine", "engine " * 20, "a " * 60, "x" * 200])
def test_when_every_number_is_taken_the_id_tells_the_slugs_apart(title: str) -> None:
    slug = made_from(title, "en", project_id=OWN, owner=lambda slug: None if slug[1].endswith(OWN) else OTHER)

    assert slug.endswith(f"-{OWN}")
    assert re.fullmatch(SLUG, slug)
    assert len(slug) <= LENGTH


def test_a_slug_that_looks_like_an_id_is_numbered() -> None:
    assert made(OTHER) == f"{OTHER}-2"


@pytest.mark.parametrize(
    ("slug", "owner", "free"),
    [("engine", None, True), ("engine", OWN, True), ("engine", OTHER, False), (OTHER, None, False), (OWN, OWN, False)],
)
def test_a_slug_is_free_unless_another_has_it_or_it_looks_like_an_id(slug: str, owner: str | None, free: bool) -> None:
    assert is_free(slug, "en", project_id=OWN, owner=lambda _slug: owner) is free
