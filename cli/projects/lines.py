"""Projects in a file of JSON Lines: read, checked, and brought into the form in which they are sent."""

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pydantic_core
from pydantic import TypeAdapter, ValidationError

from cli.projects.errors import FileError
from schemas.projects import ProjectContent
from schemas.text import EXPLANATIONS
from shared.problems import InvalidRequestError, json_pointer
from shared.projects.content import contradictions, storable

STANDARD = "-"
"""Names standard input or output in place of a file."""

SYSTEM_FIELDS = frozenset({"id", "version", "created_at", "created_by", "updated_at", "updated_by", "published_at"})
"""What a stage adds to a project; another stage gives it anew."""

_LONGEST_LINE = 4 * 1024 * 1024
_MOST_TOLD = 50
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_contents: TypeAdapter[Any] = TypeAdapter(ProjectContent)


class Line(NamedTuple):
    """A project in a file: its place, from 1, and the body to be sent."""

    number: int
    body: bytes

    def key(self, name: str) -> str:
        """Return what identifies it to the API: the same content under the same name has the same key."""
        return hashlib.sha256(name.encode() + b"\n" + self.body).hexdigest()


class _LineError(Exception):
    """Raised for a line that is no project; `mistakes` are sentences that begin with a JSON Pointer."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__(*mistakes)
        self.mistakes = mistakes


@contextmanager
def opened(file: str) -> Iterator[tuple[BinaryIO, str]]:
    """Open a file, `-` for standard input, to be read twice, and tell what people call it; a pipe is copied first.

    Raises
    ------
    FileError
        When there is none, or it can't be read.
    """
    name = "standard input" if file == STANDARD else file
    with ExitStack() as held:
        try:
            source = sys.stdin.buffer if file == STANDARD else held.enter_context(Path(file).open("rb"))
            if file == STANDARD or not source.seekable():
                copy = held.enter_context(tempfile.TemporaryFile())
                shutil.copyfileobj(source, copy)
                copy.seek(0)
                source = copy
        except OSError as error:
            message = f"{name} can't be read: {error.strerror}"
            raise FileError(message) from None
        yield source, name


def check(file: BinaryIO, name: str) -> int:
    """Return how many projects a file holds, once every line was looked at.

    Parameters
    ----------
    file
        The file, at its beginning.
    name
        What people call it.

    Raises
    ------
    FileError
        When it can't be read, or a line is no project.
    """
    count = bad = mistakes = 0
    told: list[str] = []
    for number, text in _numbered(file, name):
        count += 1
        try:
            _body(text)
        except _LineError as error:
            bad += 1
            mistakes += len(error.mistakes)
            room = _MOST_TOLD - len(told)
            told += [f"{name}:{number}: {mistake}" for mistake in error.mistakes[:room]]
    if not bad:
        return count
    if mistakes == 1:
        raise FileError(f"{told[0]} (nothing was sent)")
    if mistakes > len(told):
        told.append(f"and {mistakes - len(told):,} more")
    verb = "is no project" if bad == 1 else "are no projects"
    message = f"{bad:,} of {count:,} lines of {name} {verb}; nothing was sent"
    raise FileError(message, told)


def projects(file: BinaryIO, name: str) -> Iterator[Line]:
    """Yield the projects of a file that was checked; parameters and errors as for `check`."""
    for number, text in _numbered(file, name):
        try:
            yield Line(number, _body(text))
        except _LineError as error:
            message = f"{name}:{number}: {error.mistakes[0]} (the file was changed while it was read)"
            raise FileError(message) from None


def _numbered(file: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers; what is longer than a project can be is cut."""
    number = 0
    try:
        while text := file.readline(_LONGEST_LINE):
            number += 1
            if len(text) == _LONGEST_LINE:
                message = f"{name}:{number}: is longer than a project can be: JSON Lines has one object a line"
                raise FileError(message)
            text = text.removeprefix(_BYTE_ORDER_MARK) if number == 1 else text
            if text := text.rstrip():
                yield number, text
    except OSError as error:
        message = f"{name} can't be read: {error.strerror}"
        raise FileError(message) from None


def _body(text: bytes) -> bytes:
    """Return what is sent for a line: its content in one form, however it was written there."""
    try:
        document = pydantic_core.from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise _LineError(f"is not JSON: {str(error).replace('line 1 ', '')}") from None
    if not isinstance(document, dict):
        raise _LineError("must be an object: JSON Lines has one a line, and no array around them")
    content = {name: value for name, value in document.items() if name not in SYSTEM_FIELDS}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    try:
        valid = _contents.validate_json(body)
    except ValidationError as error:
        raise _LineError(*map(_explained, error.errors(include_url=False, include_input=False))) from None
    try:
        wrong = tuple(contradictions(storable(valid)))
    except InvalidRequestError as error:
        wrong = error.errors
    if wrong:
        raise _LineError(*(f"{entry.pointer}: {entry.detail}" for entry in wrong))
    return body


def _explained(entry: Any) -> str:  # noqa: ANN401  Pydantic's ErrorDetails can't be imported at run time
    steps = entry["loc"]
    # Where a mapping's key is at fault, Pydantic adds this step.
    if steps[-1:] == ("[key]",) and entry["type"] != "extra_forbidden":
        steps = steps[:-1]
    pattern = entry.get("ctx", {}).get("pattern", "")
    return f"{json_pointer(*steps)}: {EXPLANATIONS.get(pattern, entry['msg'])}"
