import json
from typing import Any

import pytest

from schemas.projects import MOST_TAGS
from shared.projects.project import Project
from shared.projects.views import LISTED
from shared.table.project_entries import day, entries, sort_keys
from tests.unit.events import projects as commands
from tests.unit.shared.projects.desk import Desk

IDENTIFIER = commands.identifier(1)
CREATED = commands.moment(1)


def project(**content: Any) -> Project:
    return Desk(**{"summary": "A", **content}).project


def facets(of: Project) -> set[str]:
    return set(entries(of))


def test_a_project_is_listed_under_each_way_to_narrow_a_list_to_it() -> None:
    found = facets(project(date="2024-05-01", featured=True, tags=["Print", "x"]))

    assert found == {
        f"{year}#{mark}#{tag}" for year in ("", "2024") for mark in ("", "featured") for tag in ("", "print", "x")
    }


def test_what_is_not_featured_is_in_no_list_of_featured_projects() -> None:
    assert facets(project(date="2024-05-01", tags=["x"])) == {"##", "##x", "2024##", "2024##x"}


def test_what_is_in_the_trash_is_in_one_list() -> None:
    desk = Desk(featured=True, tags=["x"])
    trashed = desk.apply(commands.change("DeleteProject", 2, version=1))

    (entry,) = entries(trashed).values()
    assert entry["GSI1PK"] == "PROJECTS#trashed#en###"


def test_a_project_has_at_most_as_many_entries_as_fit_into_one_transaction_twice() -> None:
    assert len(entries(project(featured=True, tags=[f"t{number}" for number in range(MOST_TAGS)]))) == 44


def test_an_entry_is_found_by_status_locale_and_what_the_list_is_narrowed_to() -> None:
    entry = entries(project(status="published", locale="pt-BR", tags=["x#y"]))["##x#y"]

    assert (entry["PK"], entry["SK"]) == (f"PROJECT#{IDENTIFIER}", "ENTRY###x#y")
    assert entry["GSI1PK"] == "PROJECTS#published#pt-BR###x#y"


def test_an_entry_shows_all_but_what_only_the_projects_page_needs() -> None:
    whole = project(body="B", images=[{"src": "content:1"}], links=[], custom={"a": "1"}, seo={"noindex": True})

    shown = json.loads(entries(whole)["##"]["document"])

    assert {"body", "images", "links", "custom", "seo"}.isdisjoint(shown)
    assert shown == {name: value for name, value in whole.document.items() if name in LISTED}


def test_a_project_is_dated_by_its_day_or_else_by_its_creation() -> None:
    assert day(project(date="2024-05-01").document) == "2024-05-01"
    assert day(project().document) == CREATED[:10]


def test_places_end_in_what_tells_projects_apart() -> None:
    assert sort_keys(project(position=7, title="Élan VITAL").document) == {
        "GSI1SK": f"000000007#{CREATED}#{IDENTIFIER}",
        "GSI2SK": f"2026-08-16#{CREATED}#{IDENTIFIER}",
        "GSI3SK": f"elan vital\t{IDENTIFIER}",
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("apple", "Banana"),
        ("Étude", "Fugue"),
        ("ZEBRA", "zoo"),
        ("engine", "engines"),
        ("alpha", "𝐁eta"),
        ("ISTANBUL", "İstanbul 2"),
    ],
)
def test_titles_sort_without_regard_to_case_and_accents(first: str, second: str) -> None:
    places = [sort_keys(project(title=title).document)["GSI3SK"] for title in (first, second)]

    assert places == sorted(places)


@pytest.mark.parametrize("longer", ["Engine Room", "Engine!", 'Engine "A"', "Engine #2"])
def test_a_title_stands_before_those_that_go_on_after_it(longer: str) -> None:
    places = [sort_keys(project(title=title).document)["GSI3SK"] for title in ("Engine", longer)]

    assert places == sorted(places)


@pytest.mark.parametrize(("first", "second"), [(9, 10), (0, 999_999_999)])
def test_positions_sort_as_numbers(first: int, second: int) -> None:
    places = [sort_keys(project(position=position).document)["GSI1SK"] for position in (first, second)]

    assert places == sorted(places)
