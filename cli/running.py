"""Which process runs the local stage: whoever holds the lock on its file. A number left behind misleads nobody."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.errors import LocalError


@contextmanager
def running(path: Path, pid: int) -> Iterator[None]:
    """Be the process that runs the stage, for as long as the block lasts; a process that dies is it no longer.

    Raises
    ------
    LocalError
        When another one is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            refuse_second(path)
        file.truncate(0)
        file.write(str(pid))
        file.flush()
        yield


def refuse_second(path: Path) -> None:
    """Raise LocalError when the stage runs."""
    if pid := running_pid(path):
        message = f"it runs already (process {pid}): stop it with 'sitewire down'"
        raise LocalError(message)


def running_pid(path: Path) -> int | None:
    """Return the process that runs the stage; None when none does."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return _read(path)
    return None


def _read(path: Path) -> int:
    return int(path.read_text() or 0)
