import json
from typing import Any

import pytest
from hypothesis import given, settings

from shared.projects.content import contradictions, storable
from shared.validation import Validator
from tests.unit.properties import reproducible
from tests.unit.schemas.documents import VALID

contents = Validator("ProjectContent")
patches = Validator("ProjectPatch")


def read(**content: Any) -> dict[str, Any]:
    return storable(contents.from_json(json.dumps({"title": "Engine", **content}).encode()))


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000Z"),
        ("2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00.000Z"),
        ("2026-03-01T00:30:00.2504+01:00", "2026-02-28T23:30:00.250Z"),
    ],
)
def test_times_are_stored_in_utc_so_that_they_sort_as_they_follow(written: str, stored: str) -> None:
    content = read(publish_at=written, unpublish_at="2030-01-01T00:00:00Z")

    assert (content["publish_at"], content["unpublish_at"]) == (stored, "2030-01-01T00:00:00.000Z")


def test_days_are_stored_as_they_were_written() -> None:
    content = read(date="2024-02-29", end_date="2024-03-01")

    assert (content["date"], content["end_date"]) == ("2024-02-29", "2024-03-01")


def test_what_a_patch_removes_is_still_null() -> None:
    patch = storable(patches.from_json(b'{"publish_at": null, "date": null, "summary": null}'))

    assert patch == {"publish_at": None, "date": None, "summary": None}


@settings(reproducible, max_examples=100)
@given(document=VALID["ProjectContent"])
def test_what_is_stored_can_travel_as_json(document: dict[str, Any]) -> None:
    content = storable(contents.from_json(json.dumps(document).encode()))

    assert json.loads(json.dumps(content)) == content


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        ({}, []),
        ({"publish_at": "2026-01-01T00:00:00Z"}, []),
        ({"unpublish_at": "2026-01-01T00:00:00Z"}, []),
        ({"publish_at": "2026-01-01T00:00:00Z", "unpublish_at": "2026-01-01T00:00:01Z"}, []),
        ({"publish_at": "2026-01-01T00:00:00Z", "unpublish_at": "2026-01-01T00:00:00Z"}, ["/unpublish_at"]),
        ({"publish_at": "2026-01-01T00:00:00Z", "unpublish_at": "2026-01-01T01:00:00+02:00"}, ["/unpublish_at"]),
        ({"date": "2026-01-02"}, []),
        ({"end_date": "2026-01-01"}, []),
        ({"date": "2026-01-02", "end_date": "2026-01-02"}, []),
        ({"date": "2026-01-02", "end_date": "2026-01-01"}, ["/end_date"]),
    ],
    ids=str,
)
def test_what_can_not_be_true_at_once_is_named(content: dict[str, Any], pointers: list[str]) -> None:
    assert [error.pointer for error in contradictions(read(**content))] == pointers
