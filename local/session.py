"""A local stage from nothing to running, and back."""

import json
import shutil
from pathlib import Path

from infra.stage import Stage
from local.deployment import deploy
from local.emulator_process import Emulator, require_free
from local.outputs import Outputs, describe
from local.packages import Platform, Report, build
from local.redeployment import Redeployment
from local.synthesis import synthesize

DEFAULT_PORT = 4566


class LocalStage:
    """A stage on the embedded AWS.

    Parameters
    ----------
    stage
        What a person decided of it.
    port
        Where it listens, on the loopback interface.
    folder
        Where it keeps its data and its outputs.
    decisions
        File to which IAM's decisions are written, or none.
    """

    def __init__(self, stage: Stage, *, port: int, folder: Path, decisions: Path | None = None) -> None:
        self.stage = stage
        self.folder = folder
        self.emulator = Emulator(port=port, region=stage.region, folder=folder / "emulator", decisions=decisions)
        self._redeployment: Redeployment | None = None

    def reset(self) -> None:
        """Remove its data."""
        shutil.rmtree(self.emulator.folder, ignore_errors=True)

    def start(self, report: Report) -> Outputs:
        """Build, synthesize, start and deploy; return the outputs, which are also written to `outputs.json`.

        Raises
        ------
        LocalError
            When a step fails; nothing is left running.
        """
        require_free(self.emulator.port)
        assets = build(Platform.HERE, report)
        assembly = synthesize(self.stage, assets, Platform.HERE, report)
        report("Starting the embedded AWS")
        self.emulator.start()
        try:
            report("Deploying the template")
            deploy(self.emulator, assembly, self.stage)
            self._redeployment = Redeployment(self.emulator, self.stage, assets)
            self._redeployment.run()
            outputs = describe(self.stage, self.emulator)
            (self.folder / "outputs.json").write_text(json.dumps(outputs, indent=2) + "\n")
        except BaseException:
            self.stop()
            raise
        return outputs

    def redeploy(self) -> list[str]:
        """Put edited code live and return the functions that it changed."""
        return self._redeployment.run() if self._redeployment else []

    def stop(self, *, keep: bool = True) -> None:
        """Stop it; its data stays in its folder, if that is to be kept."""
        (self.folder / "outputs.json").unlink(missing_ok=True)
        self.emulator.stop(keep=keep)
