"""Cloud assemblies, synthesized in this process as the product does it, from packages that hold nothing."""

import json
import zipfile
from pathlib import Path

from aws_cdk import App

from infra.app import compose
from infra.catalogue import FUNCTIONS, LAYERS, SHARED
from infra.stack import SitewireStack
from infra.stage import EXAMPLE, Stage, read_stage
from local.paths import ROOT

PRODUCTION = "production"
STAGES = ("local", PRODUCTION)


def context() -> dict[str, object]:
    """Return the context that cdk.json gives to every synthesis."""
    found: dict[str, object] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return found


def example_stage(name: str) -> Stage:
    """Return a stage of the committed example."""
    return read_stage(name, ROOT / EXAMPLE)


def write_packages(folder: Path) -> Path:
    """Write an archive in place of each package: the template knows of a package only a hash."""
    layers = [f"layer-{name}" for name in (*(layer.name for layer in LAYERS), SHARED)]
    for name in (*layers, *(f"function-{function.name}" for function in FUNCTIONS)):
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as package:
            package.writestr(zipfile.ZipInfo(name), name)
    return folder


def composed(stage: Stage, assets: Path, assembly: Path) -> tuple[App, SitewireStack]:
    """Return an app that synthesizes into `assembly`, with the product's stack and checks."""
    app = App(analytics_reporting=False, context=context(), outdir=str(assembly))
    return app, compose(app, stage, assets)


def synthesized(stage: Stage, assets: Path, assembly: Path) -> Path:
    """Return the folder of a stage's assembly, which passed every check."""
    composed(stage, assets, assembly)[0].synth()
    return assembly
