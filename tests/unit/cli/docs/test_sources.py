import pytest

from cli.docs.sources import publishers, settings_fields
from infra.catalogue import FUNCTIONS, Function, function
from schemas.events import EVENTS
from schemas.project_events import PROJECT_COMMANDS, PROJECT_FACTS


@pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda entry: entry.name)
def test_every_setting_says_what_it_means(entry: Function) -> None:
    fields = settings_fields(entry)

    assert fields
    assert all(field.variable.isupper() and field.meaning.endswith(".") for field in fields)


def test_a_settings_type_is_told_in_words() -> None:
    types = {field.variable: field.type for field in settings_fields(function("notify_contact"))}

    assert types["LEASE_SECONDS"] == "whole number"


def test_the_settings_of_a_class_are_those_of_its_bases_too() -> None:
    meanings = {field.variable: field.meaning for field in settings_fields(function("query_project_previews"))}

    assert list(meanings) == ["ALLOWED_ORIGINS", "TABLE_NAME", "PREVIEW_KEY_ARN"]
    assert meanings["TABLE_NAME"] == "The table."


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("ContactSubmitted", ("ingest_contact", "sitewire.contact")),
        *((name, ("ingest_projects", "sitewire.projects")) for name in PROJECT_COMMANDS if name != "ReleaseProject"),
        ("ReleaseProject", ("release_projects", "sitewire.projects")),
        # By a module that it shares with nobody else.
        *((name, ("apply_project", "sitewire.projects")) for name in PROJECT_FACTS),
    ],
)
def test_an_event_has_the_one_publisher_that_says_its_name(event: str, expected: tuple[str, str]) -> None:
    assert publishers(event) == [expected]


def test_an_event_that_nobody_names_has_no_publisher() -> None:
    assert publishers("ProjectForgotten") == []


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_publisher_of_this_system(event: str) -> None:
    found = publishers(event)

    assert found
    assert all(publisher.source.startswith("sitewire.") for publisher in found)
