"""Bring the functions' code up to date with the sources, without CloudFormation: for edits while the stage runs."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from infra.catalogue import FUNCTIONS, SHARED, Function
from infra.names import ALIAS, Names
from infra.stage import Stage
from local.emulator_process import Emulator
from local.packages import build_function, build_shared


class Redeployment:
    """What differs between the sources and the functions that run.

    Parameters
    ----------
    emulator
        The embedded AWS.
    stage
        The stage that runs on it.
    assets
        Folder with the built packages.
    """

    def __init__(self, emulator: Emulator, stage: Stage, assets: Path) -> None:
        self._lambda: Any = emulator.client("lambda")
        self._names = Names(stage.name)
        self._assets = assets

    def run(self) -> list[str]:
        """Build our own code again, put what has changed live, and return the functions that it changed."""
        layer = self._shared_layer(build_shared(self._assets))
        return [function.name for function in FUNCTIONS if self._update(function, layer)]

    def _shared_layer(self, archive: Path) -> str:
        """Return the ARN of the layer version that holds `archive`, published if there is none."""
        name = f"{self._names.stack}-{SHARED}"
        newest = self._lambda.list_layer_versions(LayerName=name)["LayerVersions"][0]
        known = self._lambda.get_layer_version(LayerName=name, VersionNumber=newest["Version"])
        if known["Content"]["CodeSha256"] == _fingerprint(archive):
            return str(newest["LayerVersionArn"])
        published = self._lambda.publish_layer_version(
            LayerName=name, Content={"ZipFile": archive.read_bytes()}, CompatibleRuntimes=["python3.13"]
        )
        return str(published["LayerVersionArn"])

    def _update(self, function: Function, layer: str) -> bool:
        archive = build_function(function, self._assets)
        name = self._names.function(function.name)
        current = self._lambda.get_function_configuration(FunctionName=name)
        layers = [
            layer if _unversioned(entry["Arn"]) == _unversioned(layer) else entry["Arn"] for entry in current["Layers"]
        ]
        same_code = current["CodeSha256"] == _fingerprint(archive)
        same_layers = layers == [entry["Arn"] for entry in current["Layers"]]
        if same_code and same_layers and self._is_live(name, current):
            return False
        if not same_layers:
            self._lambda.update_function_configuration(FunctionName=name, Layers=layers)
        if not same_code:
            self._lambda.update_function_code(FunctionName=name, ZipFile=archive.read_bytes())
        version = self._lambda.publish_version(FunctionName=name)["Version"]
        self._lambda.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
        return True

    def _is_live(self, name: str, current: dict[str, Any]) -> bool:
        """Tell whether callers reach the function with its present settings.

        CloudFormation publishes a version when the template's own text changes, which does not say where the embedded
        AWS listens.
        """
        live = self._lambda.get_function_configuration(FunctionName=name, Qualifier=ALIAS)
        return bool(live.get("Environment") == current.get("Environment"))


def _fingerprint(archive: Path) -> str:
    return base64.b64encode(hashlib.sha256(archive.read_bytes()).digest()).decode()


def _unversioned(layer_arn: str) -> str:
    return layer_arn.rpartition(":")[0]
