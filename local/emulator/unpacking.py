"""Lambda: how the archives of code and layers are unpacked."""

import hashlib
import tempfile
import threading
import zipfile
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime


def mend_unpacking() -> None:
    """Let workers share what their code and layers hold: to unpack those is most of what a cold start takes here.

    An archive is unpacked once, by its content, and linked to; on Lambda, too, a function can't write to them.
    """
    unpacking = threading.Lock()

    class Unpacked(zipfile.ZipFile):
        """An archive of which a worker needs the files alone."""

        @cached_property
        def _folder(self) -> Path:
            with Path(str(self.filename)).open("rb") as archive:
                digest = hashlib.file_digest(archive, "sha256").hexdigest()
            return Path(tempfile.gettempdir()) / "unpacked" / digest

        def namelist(self) -> list[str]:
            """Return what is to be checked before it is unpacked: nothing where that was done before."""
            return [] if self._folder.exists() else super().namelist()

        def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:  # noqa: ANN401
            """Link to the files, which are unpacked the first time."""
            folder = self._folder
            with unpacking:
                if not folder.exists():
                    unfinished = folder.with_suffix(".unfinished")
                    super().extractall(unfinished, members, pwd)
                    unfinished.rename(folder)
            for entry in folder.iterdir():
                (Path(path) / entry.name).symlink_to(entry)

    lambda_runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": Unpacked})
