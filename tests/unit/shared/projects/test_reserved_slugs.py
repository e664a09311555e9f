import pytest

from schemas.routes import ROUTES
from shared.projects.slugs import RESERVED, is_free, made_from

PROJECT = "01990000-0000-7000-8000-000000000001"
BELOW = "/api/projects/"


def nobody(_slug: tuple[str, str]) -> None:
    return None


def test_the_paths_beside_those_of_one_project_are_reserved() -> None:
    below = {route.path.removeprefix(BELOW).split("/")[0] for route in ROUTES if route.path.startswith(BELOW)}

    assert below - {"{id}"} == RESERVED


@pytest.mark.parametrize("slug", RESERVED)
def test_no_project_may_have_a_slug_by_which_it_could_not_be_read(slug: str) -> None:
    assert not is_free(slug, "en", project_id=PROJECT, owner=nobody)


def test_a_title_that_would_give_such_a_slug_gives_a_numbered_one() -> None:
    assert made_from("Order!", "en", project_id=PROJECT, owner=nobody) == "order-2"
