"""What every tier needs: the compiled validators, and an environment that is nobody's AWS account."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import schemas
from schemas.compiler import compile_all

_FIGURE = "figure"


def pytest_configure(config: pytest.Config) -> None:
    """Compile the validators before any function is imported, as the build of the layer does."""
    if not hasattr(config, "workerinput"):  # of the processes that share the tests, the first does it for all
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
def show_figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Return how a test shows a figure that it measured, whether it passes or not."""
    return partial(record_property, _FIGURE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures after the tests."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    ended = [report for report in reports if getattr(report, "when", "") == "teardown"]
    figures = [value for report in ended for name, value in report.user_properties if name == _FIGURE]
    if figures:
        terminalreporter.section("figures")
    for figure in figures:
        terminalreporter.write_line(figure)
