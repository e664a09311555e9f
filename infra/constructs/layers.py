"""The layers: third-party code by use, and our own shared code."""

from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.catalogue import LAYERS, SHARED, Function


class Layers(Construct):
    """Every layer, from the packages built into `assets`."""

    def __init__(self, scope: Construct, id_: str, *, assets: Path, prefix: str) -> None:
        super().__init__(scope, id_)
        described = {layer.name: layer.holds for layer in LAYERS} | {SHARED: "shared and schemas: our own code"}
        self._versions = {
            name: lambda_.LayerVersion(
                self,
                name,
                layer_version_name=f"{prefix}-{name}",
                description=holds,
                code=lambda_.Code.from_asset(str(assets / f"layer-{name}.zip")),
                compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
                compatible_architectures=[lambda_.Architecture.ARM_64],
            )
            for name, holds in described.items()
        }

    def of(self, function: Function) -> list[lambda_.ILayerVersion]:
        """Return the layers of a function."""
        return [self._versions[name] for name in (SHARED, *function.layers)]
