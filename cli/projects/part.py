"""The file of an export until it is whole: an export that was interrupted goes on in it."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import pydantic_core

from cli.projects.errors import FileError, ProjectTransferError

_OWNER_ONLY = 0o600


class Part:
    """The part of an export that is written.

    Parameters
    ----------
    file
        Where the whole export is to be. What lies beside it until then bears the mark of `what`, so that an export of
        anything else does not go on in it.
    what
        What is exported, and from where.
    """

    def __init__(self, file: Path, *what: str | None) -> None:
        mark = hashlib.sha256(repr(what).encode()).hexdigest()[:8]
        self.path = file.with_name(f"{file.name}.{mark}.part")
        self.ids: set[str] = set()
        self.is_finished = False
        self._file = file
        self._lines: BinaryIO
        self._is_locked = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Open it; `ids` then has the projects that are in it already. What ends within a line is cut off there.

        Drafts are in it, so only its owner can read it.

        Raises
        ------
        FileError
            When there is a file where the whole export is to be, or none can be written, or another export does.
        """
        if self._file.exists():
            message = f"{self._file} exists: name another file, or remove it"
            raise FileError(message)
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _OWNER_ONLY)
        except OSError as error:
            message = f"{self._file} can't be written: {error.strerror}"
            raise FileError(message) from None
        self._lines = os.fdopen(descriptor, "r+b")
        try:
            self._lock()
            self._go_on()
            yield
        finally:
            if self._is_locked and not self.is_finished and not self.path.stat().st_size:
                self.path.unlink()
            # What the disk did not take was told by `write`, and would be once more.
            with suppress(OSError):
                self._lines.close()

    def write(self, line: bytes) -> None:
        """Add a line.

        Raises
        ------
        ProjectTransferError
            When the disk does not take it; those before stay.
        """
        try:
            self._lines.write(line)
            self._lines.flush()
        except OSError as error:
            raise self._unwritable(error) from None

    def count(self) -> int:
        """Return how many projects are in it, by its whole lines: Ctrl-C may have come within `write`."""
        with suppress(OSError):
            self._lines.flush()
        with self.path.open("rb") as lines:
            return sum(line.endswith(b"\n") for line in lines)

    def finish(self) -> None:
        """Give it its name: it is whole. Errors as for `write`."""
        try:
            os.fsync(self._lines.fileno())
            self.path.replace(self._file)
            self.is_finished = True
        except OSError as error:
            raise self._unwritable(error) from None

    def _lock(self) -> None:
        try:
            fcntl.flock(self._lines, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"another export is writing {self.path}"
            raise FileError(message) from None
        self._is_locked = True

    def _go_on(self) -> None:
        end = 0
        for line in self._lines:
            identifier = _id(line)
            if identifier is None:
                break
            self.ids.add(identifier)
            end += len(line)
        self._lines.seek(end)
        self._lines.truncate()

    def _unwritable(self, error: OSError) -> ProjectTransferError:
        return ProjectTransferError(f"{self._file} can't be written: {error.strerror}")


def _id(line: bytes) -> str | None:
    """Return the id of the project in a line; None when it is not a whole one."""
    if not line.endswith(b"\n"):
        return None
    try:
        return str(pydantic_core.from_json(line)["id"])
    except (ValueError, TypeError, KeyError):
        return None
