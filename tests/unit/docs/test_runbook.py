"""The runbook has a section for every alarm, and nothing in it that can't be run."""

import re

import pytest

from infra.alarms import COMPOSITES, KINDS, NOTICES, RUNBOOK
from local.paths import ROOT
from tests.commands import mistakes, shown_commands
from tests.unit.docs.test_links import anchors

TEXT = (ROOT / RUNBOOK).read_text()
ANCHORS = [*COMPOSITES, *NOTICES, *(kind.name for kind in KINDS)]
PARTS = ["Meaning", "First look", "Likely causes", "Commands", "When to wake someone"]
SECTIONS = {
    heading.lower().replace(" ", "-"): body
    for heading, body in re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", TEXT, flags=re.MULTILINE)
}


def test_every_alarm_has_a_section_and_every_section_an_alarm() -> None:
    assert sorted(SECTIONS) == sorted(ANCHORS)
    assert set(ANCHORS) <= anchors(ROOT / RUNBOOK)


@pytest.mark.parametrize("anchor", ANCHORS)
def test_a_section_tells_what_it_means_what_to_do_and_when_to_wake_someone(anchor: str) -> None:
    assert re.findall(r"^\*\*([^*]+)\.\*\*", SECTIONS[anchor], flags=re.MULTILINE) == PARTS


@pytest.mark.parametrize("anchor", ANCHORS)
def test_a_section_shows_a_command(anchor: str) -> None:
    assert shown_commands(SECTIONS[anchor])


@pytest.mark.parametrize("command", sorted(set(shown_commands(TEXT))))
def test_a_command_exists_with_the_options_that_it_is_given(command: str) -> None:
    assert mistakes(command) == []


@pytest.mark.parametrize(
    ("command", "mistake"),
    [
        ("sitewire deplay production", "there is no sitewire deplay"),
        ("sitewire user shaw ada", "there is no sitewire user shaw"),
        ("sitewire key list --stoge production", "sitewire key list has no --stoge"),
        ("aws lambda get-acount-settings", "there is no aws lambda get-acount-settings"),
        ("aws lambada list-functions", "there is no aws lambada list-functions"),
        ("aws lambda get-function --name x --function-name x", "aws lambda get-function has no --name"),
        ("aws lambda get-function", "aws lambda get-function needs --function-name"),
        ("rm -rf .", "rm is not checked"),
    ],
)
def test_a_mistake_in_a_command_is_found(command: str, mistake: str) -> None:
    assert mistakes(command) == [mistake]
