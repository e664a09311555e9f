"""What every tier needs: the compiled validators, and an environment that is nobody's AWS account."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import schemas
from schemas.compiler import compile_all

_FIGURES = pytest.StashKey[list[str]]()


def pytest_configure() -> None:
    """Compile the validators before any function is imported, as the build of the layer does."""
    compile_all(Path(schemas.__file__).parent / "compiled")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        {
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
        }
    )


@pytest.fixture
def show_figure(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Return how a test shows a figure that it measured, whether it passes or not."""
    return pytestconfig.stash.setdefault(_FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures after the tests."""
    figures = config.stash.get(_FIGURES, [])
    if figures:
        terminalreporter.section("figures")
    for figure in figures:
        terminalreporter.write_line(figure)
