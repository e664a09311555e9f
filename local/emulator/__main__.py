"""Run the embedded AWS's process, of a folder: `python local/emulator`."""

import sys
from pathlib import Path

# In place of this folder, so that its modules have the names by which all else knows them.
sys.path[0] = str(Path(__file__).parents[2])

from local.emulator.server import main  # noqa: E402  it is found only now

main()
