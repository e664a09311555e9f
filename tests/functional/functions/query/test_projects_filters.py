"""Every list, narrowed and ordered in every way, beside a naive one over all projects in memory."""

from collections.abc import Callable
from itertools import product
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from shared.projects.project import Project
from tests.functional.conftest import TABLE
from tests.functional.functions.query.asking import ids_of, listed
from tests.functional.shared.table.projects import put_many, some

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PROJECTS = some(60, seed=4711)
# The embedded server of moto looks at every item for each query, so that unlike choices are few and meet every other.
CHOICES: dict[str, tuple[str | None, ...]] = {
    "status": (None, "draft", "published", "archived"),
    "locale": (None, "de", "fr"),
    "tag": (None, "STRASSE"),
    "year": (None, "2025"),
    "featured": (None, "true"),
}
SORTS = ("position", "-position", "date", "-date", "title", "-title")
PLAIN = str.maketrans("äé", "ae")


def asked(choices: tuple[str | None, ...]) -> dict[str, str]:
    return {name: value for name, value in zip(CHOICES, choices, strict=True) if value is not None}


def day(project: Project) -> str:
    return str(project.document.get("date", project.document["created_at"][:10]))


def matches(project: Project, query: dict[str, str], *, is_editor: bool) -> bool:
    document: dict[str, Any] = project.document
    tests: dict[str, Callable[[str], bool]] = {
        "status": lambda value: (document["status"], project.is_trashed) == (value, False),
        "locale": lambda value: document["locale"] == value,
        "tag": lambda value: value.casefold() in [tag.casefold() for tag in document["tags"]],
        "year": lambda value: day(project).startswith(value),
        "featured": lambda _value: bool(document["featured"]),
    }
    visible = not project.is_trashed and (is_editor or document["status"] == "published")
    return visible and all(tests[name](value) for name, value in query.items())


def place(project: Project, sort: str) -> tuple[Any, ...]:
    document = project.document
    title = document["title"].casefold().translate(PLAIN)
    places = {
        "position": (document["position"], document["created_at"]),
        "date": (day(project), document["created_at"]),
        "title": (title,),
    }
    return (*places[sort.removeprefix("-")], project.id)


def expected(query: dict[str, str], sort: str, *, is_editor: bool) -> list[str]:
    found = [project for project in PROJECTS if matches(project, query, is_editor=is_editor)]
    found.sort(key=lambda project: place(project, sort), reverse=sort.startswith("-"))
    return [project.id for project in found]


@pytest.mark.parametrize("role", [None, "editor"], ids=["everybody", "an editor"])
@pytest.mark.parametrize("sort", SORTS)
def test_a_list_holds_what_matches_every_choice_in_the_order_that_was_asked_for(
    reader: ModuleType, dynamodb: "DynamoDBClient", sort: str, role: str | None
) -> None:
    put_many(dynamodb, TABLE, PROJECTS)

    for query in map(asked, product(*CHOICES.values())):
        found = ids_of(listed(reader, role=role, sort=sort, limit="100", **query))
        assert found == expected(query, sort, is_editor=role is not None), query


@pytest.mark.parametrize("locale", [None, "de"])
@pytest.mark.parametrize("sort", SORTS)
def test_editors_list_the_trash_in_every_order(
    reader: ModuleType, dynamodb: "DynamoDBClient", sort: str, locale: str | None
) -> None:
    put_many(dynamodb, TABLE, PROJECTS)
    narrowed = {"locale": locale} if locale else {}

    found = ids_of(listed(reader, role="editor", status="trashed", sort=sort, limit="100", **narrowed))

    trashed = [item for item in PROJECTS if item.is_trashed and locale in {None, item.document["locale"]}]
    trashed.sort(key=lambda project: place(project, sort), reverse=sort.startswith("-"))
    assert trashed
    assert found == [project.id for project in trashed]


def test_the_choices_are_worth_comparing() -> None:
    counts = [len(expected(query, "position", is_editor=True)) for query in map(asked, product(*CHOICES.values()))]

    assert max(counts) > 30
    # Some lists are empty because of a choice that nothing matches; most others are not.
    assert sum(count > 0 for count in counts) > len(counts) // 4
