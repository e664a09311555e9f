"""The template of both stages of the example, synthesized once for the whole tier."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

# First, because it chooses the Node that CDK runs in.
from infra.stage import Stage
from tests.infra.assemblies import PRODUCTION, STAGES, example_stage, synthesized, write_packages
from tests.infra.template import Template

Synthesis = Callable[[str], Template]


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a package for every layer and function."""
    return write_packages(tmp_path_factory.mktemp("assets"))


@pytest.fixture(scope="session")
def synthesis(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """Return what gives the template of a stage, synthesized at the first question."""

    @cache
    def of(name: str) -> Template:
        stage: Stage = example_stage(name)
        return Template(stage, synthesized(stage, assets, tmp_path_factory.mktemp(name)))

    return of


@pytest.fixture(scope="session", params=STAGES)
def template(request: pytest.FixtureRequest, synthesis: Synthesis) -> Template:
    """Return the template of each stage in turn: a rule holds on both."""
    return synthesis(request.param)


@pytest.fixture(scope="session")
def production(synthesis: Synthesis) -> Template:
    """Return the template of the stage that protects its data."""
    return synthesis(PRODUCTION)


@pytest.fixture(scope="session")
def local(synthesis: Synthesis) -> Template:
    """Return the template of the stage that the embedded AWS runs."""
    return synthesis("local")
