"""Synthesize the template for reading: with empty packages, because no document depends on what is in them."""

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from aws_cdk import App

from cli.docs.cloud import STAGE
from infra.catalogue import FUNCTIONS, LAYERS, SHARED
from infra.stack import SitewireStack
from infra.stage import EXAMPLE, read_stage
from local.paths import ROOT

_DESCRIBED = "production"


def synthesized_template() -> dict[str, Any]:
    """Return the template of the committed example's production stage, under a name that stands for any stage.

    A person's own sitewire.toml has no part in it, nor have the layers: it takes seconds on a clean clone.
    """
    stage = read_stage(_DESCRIBED, ROOT / EXAMPLE).model_copy(update={"name": STAGE})
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    with tempfile.TemporaryDirectory() as scratch:
        assets = Path(scratch)
        _write_empty_packages(assets)
        app = App(analytics_reporting=False, context=context, outdir=str(assets / "assembly"))
        stack = SitewireStack(app, stage=stage, assets=assets)
        template: dict[str, Any] = app.synth().get_stack_by_name(stack.stack_name).template
        return template


def _write_empty_packages(assets: Path) -> None:
    layers = [f"layer-{name}" for name in (SHARED, *(layer.name for layer in LAYERS))]
    for name in [*layers, *(f"function-{function.name}" for function in FUNCTIONS)]:
        with zipfile.ZipFile(assets / f"{name}.zip", "w") as package:
            package.writestr("name", name)
