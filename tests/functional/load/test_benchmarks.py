"""The benchmarks run to their end, at their smallest, in processes of their own.

What they say of time is of no meaning here, and decides nothing. What they say of units of the table is the same on
every machine.
"""

import json
import subprocess
import sys
from typing import Any

import pytest

from local.paths import ROOT

# Half a minute on a machine that does nothing else.
pytestmark = pytest.mark.timeout(600)


def bench(name: str, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", f"load.bench_{name}", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def figures(name: str, *options: str) -> dict[str, Any]:
    done = bench(name, *options, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("name", "functions"),
    [("ingest", {"ingest_analytics", "ingest_contact", "ingest_projects"}), ("authorizer", {"authorizer"})],
)
def test_functions_are_measured_beside_their_baselines(name: str, functions: set[str]) -> None:
    found = figures(name, "--samples", "1", "--requests", "80")

    assert found.keys() == functions
    for measured in found.values():
        assert measured.keys() == {"cold", "warm"}
        assert all(len(what["medians"]) >= 2 and what["ratio"] > 0 for what in measured.values())


def test_counting_and_reporting_visits_take_as_few_units_as_they_are_to() -> None:
    found = figures("analytics", "--batches", "2", "--reports", "1")

    assert [size["messages"] for size in found["counting"]] == [100, 1000]
    for size in found["counting"]:
        assert size["write_units_per_event"].keys() >= {"receipts", "rollup", "visitors"}
        assert 0 < size["write_units"] <= size["write_units_target"]
        assert min(size["cpu_us_per_event"], size["baseline_us_per_event"]) > 0
    for report in found["reports"]:
        small, large = report["read_units"]
        assert 0 < large <= report["target"] * small


@pytest.mark.parametrize(
    ("name", "option"), [("ingest", "--requests"), ("authorizer", "--samples"), ("analytics", "--batches")]
)
def test_less_than_can_be_measured_is_refused_in_a_line(name: str, option: str) -> None:
    done = bench(name, option, "0")

    assert done.returncode == 2
    assert f"argument {option}: must be a whole number of at least " in done.stderr.splitlines()[-1]
