"""Run commands as a person does: in a process of their own, judged by what they print and how they end."""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from local.outputs import Outputs
from local.paths import ROOT, clean_environment

_SITEWIRE = ROOT / ".venv" / "bin" / "sitewire"
_AWS = ROOT / ".venv-awscli" / "bin" / "aws"


class Done(NamedTuple):
    """A finished command: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def sitewire(state: Path, *arguments: str, text: str | None = None, **environment: str) -> Done:
    """Run `sitewire` on the stage whose data lies in `state`."""
    return _run([str(_SITEWIRE), *arguments], {**_sitewire_environment(state), **environment}, text)


def start_sitewire(state: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start `sitewire`, and return its process without waiting for its end."""
    return subprocess.Popen(
        [str(_SITEWIRE), *arguments], env={**clean_environment(), **_sitewire_environment(state)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def aws(outputs: Outputs, *arguments: str) -> Done:
    """Run the AWS CLI against a running stage, with the rights of the account itself."""
    environment = {
        "AWS_DEFAULT_REGION": outputs["region"],
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
    }
    command = [str(_AWS), "--endpoint-url", outputs["aws_endpoint_url"], "--output", "json", *arguments]
    return _run(command, environment, None)


def _sitewire_environment(state: Path) -> dict[str, str]:
    # The sources beside these tests are run, wherever the environment was installed from.
    return {"SITEWIRE_STATE": str(state), "PYTHONPATH": str(ROOT)}


def _run(command: list[str], environment: dict[str, str], text: str | None) -> Done:
    done = subprocess.run(
        command, env={**clean_environment(), "COLUMNS": "200", **environment}, input=text or "", capture_output=True,
        text=True, check=False, timeout=100,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)
