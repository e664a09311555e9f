import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.project_responses import Project as ProjectDocument
from schemas.projects import ProjectContent
from shared.projects.project import CONTENT
from shared.projects.views import FIELDS, LISTED, differences, listed, shown
from tests.unit.properties import reproducible

DOCUMENT = {name: f"the {name}" for name in FIELDS}
OF_EDITORS = {"created_by", "updated_by", "publish_at", "unpublish_at", "deleted_at"}

_LEAVES = st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
_NAMES = st.text("ab/~", min_size=1, max_size=2)
DOCUMENTS = st.recursive(
    st.dictionaries(_NAMES, _LEAVES, max_size=3), lambda inner: st.dictionaries(_NAMES, _LEAVES | inner, max_size=3)
)


def patched(document: dict[str, Any], changes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a document with the changes made to it, as RFC 6901 reads their pointers."""
    after = copy.deepcopy(document)
    for change in changes:
        *way, last = [step.replace("~1", "/").replace("~0", "~") for step in change["pointer"].split("/")[1:]]
        place = after
        for step in way:
            place = place[step]
        if "before" in change:
            assert place.pop(last) == change["before"]
        else:
            assert last not in place
        if "after" in change:
            place[last] = change["after"]
    return after


def test_the_fields_are_those_that_the_api_documents() -> None:
    assert set(FIELDS) == set(ProjectDocument.model_fields)
    assert len(FIELDS) == len(set(FIELDS))


def test_the_content_is_what_editors_may_write() -> None:
    assert set(CONTENT) == set(ProjectContent.__annotations__)


def test_editors_are_shown_everything() -> None:
    assert shown(DOCUMENT, is_editor=True, fields=None) == DOCUMENT


def test_nobody_else_is_shown_who_wrote_it_and_what_is_planned() -> None:
    assert DOCUMENT.keys() - shown(DOCUMENT, is_editor=False, fields=None).keys() == OF_EDITORS


@pytest.mark.parametrize("is_editor", [True, False])
@pytest.mark.parametrize("name", FIELDS)
def test_one_field_is_shown_beside_the_id_to_who_may_see_it(name: str, is_editor: bool) -> None:
    found = shown(DOCUMENT, is_editor=is_editor, fields=frozenset({name}))

    assert found.keys() == {"id"} | ({name} if is_editor or name not in OF_EDITORS else set())


def test_what_a_project_does_not_have_is_not_shown() -> None:
    assert shown({"id": "1"}, is_editor=True, fields=frozenset({"title"})) == {"id": "1"}


def test_what_is_shown_leaves_the_document_as_it_was() -> None:
    before = dict(DOCUMENT)

    shown(DOCUMENT, is_editor=False, fields=frozenset({"title"}))

    assert before == DOCUMENT


def test_lists_know_what_can_be_asked_of_them() -> None:
    assert set(listed(DOCUMENT)) == set(LISTED)
    assert set(FIELDS) - set(LISTED) == {"body", "images", "links", "custom", "seo"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({"a": 1}, {"a": 1}, []),
        ({}, {"a": 1}, [{"pointer": "/a", "after": 1}]),
        ({"a": 1}, {}, [{"pointer": "/a", "before": 1}]),
        ({"a": ""}, {"a": []}, [{"pointer": "/a", "before": "", "after": []}]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [{"pointer": "/a/c", "before": 2, "after": 3}]),
        ({}, {"a": {"b": 1}}, [{"pointer": "/a", "after": {"b": 1}}]),
        ({"a": {}}, {"a": 5}, [{"pointer": "/a", "before": {}, "after": 5}]),
        # Lists are written whole, and so compared.
        ({"a": [1, 2]}, {"a": [2, 1]}, [{"pointer": "/a", "before": [1, 2], "after": [2, 1]}]),
        ({"a/b": {"~": 1}}, {"a/b": {"~": 2}}, [{"pointer": "/a~1b/~0", "before": 1, "after": 2}]),
        ({"b": 1, "a": 1}, {}, [{"pointer": "/a", "before": 1}, {"pointer": "/b", "before": 1}]),
    ],
    ids=json.dumps,
)
def test_differences_are_told_field_by_field(
    before: dict[str, Any], after: dict[str, Any], expected: list[dict[str, Any]]
) -> None:
    assert differences(before, after) == expected


@reproducible
@given(before=DOCUMENTS, after=DOCUMENTS)
def test_differences_lead_from_one_document_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert patched(before, differences(before, after)) == after
