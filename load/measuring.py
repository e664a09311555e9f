"""Measure variants of a handler side by side: cold and warm, each in fresh processes, in one run.

Cold: from the start of the interpreter until the handler is ready, in a fresh process a sample. Warm: processor time
of one request. Variants take turns, so that whatever else the machine does meets all of them; only the ratios carry
over to another machine. The first variant is ours, the second the baseline.
"""

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from infra.catalogue import SHARED, function
from load.bench_worker import BATCHES
from load.options import at_least
from local.packages import Platform, build

Figures = dict[str, dict[str, list[float]]]
"""Samples of one function and its baseline, by what was measured and the variant's title."""

_ROUNDS = 4
"""Of warm requests."""
_WORKER = Path(__file__).parent / "bench_worker.py"
_UNITS = {"cold": "ms", "warm": "us"}
_TITLES = {
    "cold": "Cold: interpreter start until the handler is ready, ms",
    "warm": "Warm: processor time of one request, us",
}


class Variant(NamedTuple):
    """A handler to measure.

    Parameters
    ----------
    title, module
        What it is called, and its module.
    path
        Where its code lies.
    environment
        All of its environment but the path.
    event
        What it is asked.
    expected
        What its answer must hold, lest the speed of an error be measured.
    """

    title: str
    module: str
    path: list[Path]
    environment: dict[str, str]
    event: dict[str, Any]
    expected: dict[str, Any]


def arguments(description: str) -> argparse.Namespace:
    """Read the command line: `samples`, `requests` and `json`."""
    parser = argparse.ArgumentParser(description=description, epilog="Takes about a minute.")
    parser.add_argument(
        "--samples", type=at_least(1), default=15, help="cold starts of each variant (default: %(default)s)"
    )
    parser.add_argument(
        "--requests", type=at_least(_ROUNDS * BATCHES), default=4000,
        help="warm requests of each variant (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one object instead of a table")
    return parser.parse_args()


def unpack(name: str, scratch: Path) -> list[Path]:
    """Build what is shipped of a function, unpack it into `scratch`, and return where its code lies."""
    built = build(Platform.HERE, _say)
    shipped = [*(f"layer-{layer}" for layer in (*function(name).layers, SHARED)), f"function-{name}"]
    for archive in shipped:
        with zipfile.ZipFile(built / f"{archive}.zip") as package:
            package.extractall(scratch / archive)
    return [scratch / archive / ("python" if archive.startswith("layer-") else "") for archive in shipped]


def compiled(source: Path, scratch: Path) -> Path:
    """Copy a baseline, a module or a package, into a folder of its own and return that.

    It has bytecode there as in a layer.
    """
    folder = scratch / source.stem
    folder.mkdir(parents=True)
    if source.is_dir():
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, folder)
    compileall.compile_dir(folder, quiet=2)
    return folder


def inherited_environment() -> dict[str, str]:
    """Return what a process needs of this one's environment."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def measure(variants: list[Variant], *, samples: int, requests: int) -> Figures:
    """Return the samples of each variant; every round takes one of each."""
    return {
        "cold": _rounds(variants, "cold", samples, _cold_start),
        "warm": _rounds(variants, "warm", _ROUNDS, lambda variant: _warm(variant, requests // _ROUNDS)),
    }


def report(figures: Mapping[str, Figures], targets: Mapping[str, float], *, as_json: bool) -> str:
    """Return the figures of functions by their names, with their ratios, and whether each is within `targets`."""
    if as_json:
        return json.dumps({name: _summary(measured, targets) for name, measured in figures.items()}, indent=2)
    return "\n\n".join(f"{name}\n\n{_table(measured, targets)}" for name, measured in figures.items())


def _rounds(
    variants: list[Variant], what: str, rounds: int, sample: Callable[[Variant], list[float]]
) -> dict[str, list[float]]:
    samples: dict[str, list[float]] = {variant.title: [] for variant in variants}
    for number in range(rounds):
        _say(f"{what}: round {number + 1} of {rounds}")
        for variant in variants:
            samples[variant.title] += sample(variant)
    return samples


def _cold_start(variant: Variant) -> list[float]:
    started = time.monotonic()
    return [(float(_run(variant, "cold")) - started) * 1000]


def _warm(variant: Variant, requests: int) -> list[float]:
    samples: list[float] = json.loads(_run(variant, "warm", str(requests)))
    return samples


def _run(variant: Variant, *arguments: str) -> str:
    """Run the worker and return the last line of its standard error."""
    # The interpreter itself, not the environment's: its site-packages hold more than either variant ships.
    interpreter = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run(  # noqa: S603  ourselves
        [interpreter, "-P", str(_WORKER), arguments[0], variant.module, *arguments[1:]],
        env={**variant.environment, "PYTHONPATH": os.pathsep.join(map(str, variant.path))},
        input=json.dumps({"event": variant.event, "expected": variant.expected}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{variant.title.strip()} failed: {done.stderr.strip().splitlines()[-1]}")
    return done.stderr.strip().splitlines()[-1]


def _summary(figures: Figures, targets: Mapping[str, float]) -> dict[str, object]:
    summary: dict[str, object] = {}
    for what, samples in figures.items():
        medians = {title.strip(): round(statistics.median(values), 1) for title, values in samples.items()}
        ours, baseline, *_ = medians.values()
        ratio = round(ours / baseline, 3)
        summary[what] = {"unit": _UNITS[what], "medians": medians, "ratio": ratio, "target": targets[what]}
    return summary


def _table(figures: Figures, targets: Mapping[str, float]) -> str:
    lines = []
    for what, samples in figures.items():
        baseline = statistics.median(list(samples.values())[1])
        lines += ["", _TITLES[what], f"  {'':<18}{'median':>9}{'fastest':>9}{'slowest':>9}{'ratio':>8}"]
        for title, values in samples.items():
            middle = statistics.median(values)
            lines.append(f"  {title:<18}{middle:>9.1f}{min(values):>9.1f}{max(values):>9.1f}{middle / baseline:>8.3f}")
        ratio = statistics.median(next(iter(samples.values()))) / baseline
        verdict = "reached" if ratio <= targets[what] else "missed"
        lines.append(f"  target: a ratio of at most {targets[what]:.2f}, {verdict}")
    return "\n".join(lines[1:])


def _say(message: str) -> None:
    print(message, file=sys.stderr)
