"""A stage that answers, and the clients of it."""

from collections.abc import Iterator

import pytest

from cli.projects.access import Token
from cli.projects.api import StageApi
from tests.unit.cli.projects.stage import TOKEN, Stage, running_stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Run a stage."""
    with running_stage() as running:
        yield running


@pytest.fixture
def pauses() -> list[float]:
    """Return where the seconds are noted that `api` would wait; nobody waits."""
    return []


@pytest.fixture
def api(stage: Stage, pauses: list[float]) -> StageApi:
    """Return the API of the stage."""
    return StageApi(stage.url, Token(lambda: TOKEN), pause=pauses.append)
