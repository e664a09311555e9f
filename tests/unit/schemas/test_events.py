import json
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from schemas.events import EVENTS, ContactSubmitted
from shared.validation import Validator
from tests.unit import events
from tests.unit.properties import reproducible
from tests.unit.schemas.documents import VALID


@reproducible
@given(document=VALID["ContactRequest"])
def test_a_worker_reads_every_submission_that_was_accepted_unchanged(document: dict[str, object]) -> None:
    submission = Validator("ContactRequest").from_json(json.dumps(document).encode())
    detail = events.contact_submitted()
    detail["data"]["submission"] = submission

    event = ContactSubmitted.model_validate_json(json.dumps(detail))

    assert event.data.submission == submission


def test_a_consumer_ignores_fields_that_it_does_not_know() -> None:
    detail = events.contact_submitted(submission={"favourite_colour": "green"}, tenant="a")

    event = ContactSubmitted.model_validate(detail)

    assert not hasattr(event, "tenant")
    assert "favourite_colour" not in event.data.submission


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"name": "ContactErased"},
        {"occurred_at": "2026-08-16T17:22:26"},
        {"id": None},
        {"data": {}},
    ],
    ids=str,
)
def test_an_event_of_another_kind_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ContactSubmitted.model_validate(events.contact_submitted(**change))


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_listed_by_the_name_that_it_bears(name: str) -> None:
    declared = EVENTS[name].model_json_schema()["properties"]["name"]

    assert declared["const"] == name
