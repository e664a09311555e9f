import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from infra.catalogue import FUNCTIONS, Function
from local.paths import ROOT
from tests.unit.functions.conftest import ENVIRONMENT

_PROGRAM = """
import os, sys
sys.path.insert(0, os.getcwd())
import functions.{room}.{module}
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"}
_MORE = {
    "AWS_DEFAULT_REGION": "eu-central-1", "LEASE_SECONDS": "60", "PARAMETER_NAME": "/sitewire/local/contact/mail",
    "PREVIEW_KEY_ARN": "arn:aws:secretsmanager:eu-central-1:000000000000:secret:preview",
}  # fmt: skip
# What is loaded where it is installed, and done without where it is not.
_OPTIONAL = {"brotli", "certifi", "pyyaml"}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_starts_with_what_its_layers_hold(function: Function) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(room=function.room, module=function.module)],
        cwd=ROOT,
        env={**ENVIRONMENT, **_CREDENTIALS, **_MORE},
        capture_output=True,
        text=True,
        check=True,
    )

    needed = {_distribution(name) for name in done.stdout.split() if name in _distributions()}
    assert needed - _OPTIONAL <= set().union(*map(_locked, function.layers))


@cache
def _distributions() -> dict[str, str]:
    """Return the distribution that each importable name is of, for what is none of ours."""
    found = {name: owners[0] for name, owners in packages_distributions().items()}
    return {name: owner for name, owner in found.items() if owner != "sitewire"}


def _distribution(name: str) -> str:
    return _distributions()[name].lower().replace("_", "-")


@cache
def _locked(layer: str) -> frozenset[str]:
    lines = (ROOT / "requirements" / f"layer-{layer}.txt").read_text().splitlines()
    return frozenset(line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line)
