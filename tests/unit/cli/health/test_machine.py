from pathlib import Path

import pytest

from cli.health.checks import Outcome
from cli.health.machine import environment, placeholders, read
from infra.stage import CONFIGURATION, EXAMPLE, Stage, read_stage
from local.paths import ROOT

PRODUCTION = read_stage("production", ROOT / EXAMPLE)


def changed(**fields: object) -> Stage:
    return Stage.model_validate({**PRODUCTION.model_dump(), **fields})


def test_the_examples_values_fail_a_stage_that_is_deployed() -> None:
    check = placeholders(PRODUCTION, is_local=False)

    assert check.outcome is Outcome.FAIL
    assert "contact.sender website@example.org" in check.found
    assert "allowed_origins https://example.org" in check.found


def test_the_local_stage_may_have_the_examples_values() -> None:
    assert placeholders(PRODUCTION, is_local=True).outcome is Outcome.SKIPPED


@pytest.mark.parametrize(("origin", "outcome"), [
    ("https://ada.dev", Outcome.OK), ("http://localhost:*", Outcome.OK), ("https://notexample.org", Outcome.OK),
    ("https://www.example.com", Outcome.FAIL), ("https://site.invalid:8080", Outcome.FAIL),
])  # fmt: skip
def test_reserved_domains_are_placeholders(origin: str, outcome: Outcome) -> None:
    settings = changed(allowed_origins=[origin], contact={"sender": "a@ada.dev", "recipients": ["b@ada.dev"]})

    assert placeholders(settings, is_local=False).outcome is outcome


@pytest.mark.parametrize(
    ("text", "found"), [("stages = 7", "expected a table"), ("[stages.x]\n", "no stage [stages.production]")]
)
def test_a_configuration_that_can_not_be_read_fails(tmp_path: Path, text: str, found: str) -> None:
    (tmp_path / CONFIGURATION).write_text(text)

    settings, (check,) = read("production", tmp_path)

    assert (settings, check.outcome) == (None, Outcome.FAIL)
    assert found in check.found
    assert "docs/configuration.md" in check.advice


def test_this_environment_is_complete() -> None:
    assert {check.name: check.outcome for check in environment()} == {"python": Outcome.OK, "emulator": Outcome.OK}
