"""Measure the contact form's ingest function beside the same job done the usual way, in one run.

Cold: from the start of the interpreter until the handler is ready, in a fresh process a sample. Warm: processor time
of one request, against an endpoint that answers at once. Variants take turns, so that whatever else the machine does
meets all of them; only the ratios carry over to another machine.

Ours is measured as it is shipped: from the packages of its layers and its function. The baseline has compiled
bytecode too. `usual_way.py` says what it consists of.
"""

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import boto3

from infra.catalogue import SHARED, function
from load.instant_bus import instant_bus
from local.packages import Platform, build
from local.paths import ROOT

TARGETS = {"cold": 0.25, "warm": 0.20}
"""Ours against the usual way, at most."""

_WORKER = Path(__file__).parent / "bench_worker.py"
_EVENT = ROOT / "tests" / "unit" / "events" / "api_post_contact.json"
_UNITS = {"cold": "ms", "warm": "us"}


class Variant(NamedTuple):
    """A handler to measure: its module, where its code lies, and what its environment adds."""

    title: str
    module: str
    path: list[Path]
    environment: dict[str, str]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="Takes about a minute.")
    parser.add_argument("--samples", type=int, default=15, help="cold starts of each variant (default: 15)")
    parser.add_argument("--requests", type=int, default=4000, help="warm requests of each variant (default: 4000)")
    parser.add_argument("--json", action="store_true", help="print one object instead of a table")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, instant_bus() as endpoint:
        variants = _variants(Path(scratch), endpoint)
        figures = {
            "cold": _measure(variants, "cold", arguments.samples, _cold_start),
            "warm": _measure(variants, "warm", 4, lambda variant: _warm(variant, arguments.requests // 4)),
        }
    print(json.dumps(_summary(figures), indent=2) if arguments.json else _table(figures))


def _variants(scratch: Path, endpoint: str) -> list[Variant]:
    """Unpack what is shipped and compile the baseline; the first variant is ours, the second the baseline."""
    built = build(Platform.HERE, _say)
    shipped = [*(f"layer-{name}" for name in (*function("ingest_contact").layers, SHARED)), "function-ingest_contact"]
    for name in shipped:
        with zipfile.ZipFile(built / f"{name}.zip") as package:
            package.extractall(scratch / name)
    ours = [scratch / name / ("python" if name.startswith("layer-") else "") for name in shipped]
    baseline = scratch / "usual_way"
    baseline.mkdir()
    shutil.copy(Path(__file__).parent / "usual_way.py", baseline)
    compileall.compile_dir(baseline, quiet=2)
    installed = [baseline, scratch / f"layer-{SHARED}" / "python", Path(boto3.__file__).parent.parent]
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "ALLOWED_ORIGINS": '["https://example.org"]',
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "of-nobody",
        "AWS_SESSION_TOKEN": "of-nobody",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": endpoint,
        "EVENT_BUS_NAME": "bench",
        # As in Lambda, so that the Tracer does what it does there.
        "LAMBDA_TASK_ROOT": "/var/task",
        "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
    }
    return [
        Variant("this function", "functions.ingest.contact", ours, environment),
        Variant("the usual way", "usual_way", installed, environment),
        Variant("  without Tracer", "usual_way", installed, environment | {"POWERTOOLS_TRACE_DISABLED": "true"}),
    ]


def _measure(
    variants: list[Variant], what: str, rounds: int, sample: Callable[[Variant], list[float]]
) -> dict[str, list[float]]:
    """Return the samples of each variant; every round takes one of each."""
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
        input=_EVENT.read_text(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{variant.title.strip()} failed: {done.stderr.strip().splitlines()[-1]}")
    return done.stderr.strip().splitlines()[-1]


def _summary(figures: dict[str, dict[str, list[float]]]) -> dict[str, object]:
    summary: dict[str, object] = {}
    for what, samples in figures.items():
        medians = {title.strip(): round(statistics.median(values), 1) for title, values in samples.items()}
        ours, baseline, *_ = medians.values()
        ratio = round(ours / baseline, 3)
        summary[what] = {"unit": _UNITS[what], "medians": medians, "ratio": ratio, "target": TARGETS[what]}
    return summary


def _table(figures: dict[str, dict[str, list[float]]]) -> str:
    titles = {
        "cold": "Cold: interpreter start until the handler is ready, ms",
        "warm": "Warm: processor time of one request, us",
    }
    lines = []
    for what, samples in figures.items():
        baseline = statistics.median(list(samples.values())[1])
        lines += ["", titles[what], f"  {'':<18}{'median':>9}{'fastest':>9}{'slowest':>9}{'ratio':>8}"]
        for title, values in samples.items():
            middle = statistics.median(values)
            lines.append(f"  {title:<18}{middle:>9.1f}{min(values):>9.1f}{max(values):>9.1f}{middle / baseline:>8.3f}")
        ratio = statistics.median(next(iter(samples.values()))) / baseline
        verdict = "reached" if ratio <= TARGETS[what] else "missed"
        lines.append(f"  target: a ratio of at most {TARGETS[what]:.2f}, {verdict}")
    return "\n".join(lines[1:])


def _say(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    main()
