import pytest

from cli.docs.sources import publishers, settings_fields
from infra.catalogue import FUNCTIONS, Function, function
from schemas.events import EVENTS


@pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda entry: entry.name)
def test_every_setting_says_what_it_means(entry: Function) -> None:
    fields = settings_fields(entry)

    assert fields
    assert all(field.variable.isupper() and field.meaning.endswith(".") for field in fields)


def test_a_settings_type_is_told_in_words() -> None:
    types = {field.variable: field.type for field in settings_fields(function("notify_contact"))}

    assert types["LEASE_SECONDS"] == "whole number"


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_publisher_of_this_system(event: str) -> None:
    found = publishers(event)

    assert found
    assert all(publisher.source.startswith("sitewire.") for publisher in found)
