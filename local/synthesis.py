"""Synthesize the template, or take the last one when nothing that it is made from has changed."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from infra.stage import Stage
from local.errors import LocalError
from local.packages import Platform, Report
from local.paths import BUILD, ROOT, clean_environment

_SOURCES = ("infra/**/*.py", "schemas/*.py", "shared/**/*.py", "functions/*/settings.py", "cdk.json",
            "requirements/dev.txt")  # fmt: skip


def synthesize(stage: Stage, assets: Path, platform: Platform, report: Report) -> Path:
    """Return the folder of the stage's cloud assembly.

    Raises
    ------
    LocalError
        When synthesis fails, or a check of cdk-nag does.
    """
    assembly = BUILD / f"cdk.out-{platform}-{stage.name}"
    stamp = BUILD / f"{assembly.name}.inputs"
    inputs = _inputs(stage, assets)
    if assembly.exists() and stamp.exists() and stamp.read_text() == inputs:
        return assembly
    report("Synthesizing the template")
    stamp.unlink(missing_ok=True)
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    environment = {
        **clean_environment(),
        "CDK_CONTEXT_JSON": json.dumps({**context, "stage": stage.model_dump(mode="json"), "assets": str(assets)}),
        "CDK_OUTDIR": str(assembly),
    }
    done = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        log = BUILD / "synthesis.log"
        log.write_text(done.stdout + done.stderr)
        reason = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "it gave no reason")
        message = f"the template can't be synthesized: {reason.strip()} (all of it: {log.relative_to(ROOT)})"
        raise LocalError(message)
    stamp.write_text(inputs)
    return assembly


def _inputs(stage: Stage, assets: Path) -> str:
    """Return a hash of all that the template is made from."""
    paths = [path for pattern in _SOURCES for path in ROOT.glob(pattern)]
    digest = hashlib.sha256(stage.model_dump_json().encode())
    for path in sorted([*paths, *assets.glob("*.zip")]):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
