"""Bring projects into a stage: send each line under a key of its own, and find out what became of it."""

from collections.abc import Iterable
from concurrent.futures import Executor
from itertools import batched, islice
from typing import Any, NamedTuple
from urllib.parse import quote

from cli.counting import Advance
from cli.projects.api import StageApi
from cli.projects.errors import RefusedError
from cli.projects.lines import Line

_CHUNK = 64
_MOST_PENDING = 256
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.2, 2.0
_PATIENCE_SECONDS = 120
# The line is at fault. What else is refused would be refused of every line.
_FAULTS = frozenset({400, 409, 413})


class Rejection(NamedTuple):
    """A line that will not become a project, and why."""

    line: int
    reason: str
    operation_id: str | None


class Report:
    """What became of the lines; `pending` has the operations of those that are sent and not decided, by line."""

    def __init__(self) -> None:
        self.created = 0
        self.rejected: list[Rejection] = []
        self.pending: dict[int, str] = {}
        self.is_complete = False

    @property
    def is_success(self) -> bool:
        """Tell whether every line is a project now."""
        return self.is_complete and not self.rejected

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "created": self.created,
            "rejected": [rejection._asdict() for rejection in sorted(self.rejected)],
            "pending": [
                {"line": line, "operation_id": identifier} for line, identifier in sorted(self.pending.items())
            ],
            "complete": self.is_complete,
        }


class Import:
    """An import into a stage.

    Parameters
    ----------
    api
        The stage.
    name
        Part of each line's key.
    """

    def __init__(self, api: StageApi, name: str) -> None:
        self.report = Report()
        self._api = api
        self._name = name
        self._advance: Advance = lambda _: None

    def run(self, lines: Iterable[Line], advance: Advance) -> None:
        """Send lines and await their outcomes; what is known of them stands in `report`, also after an error.

        At any time few lines are in memory, and few of those that were sent are undecided. `advance` is told of every
        line whose fate is known.

        Raises
        ------
        StageApiError
            When the stage can't be reached, or takes nothing from this caller.
        """
        self._advance = advance
        with self._api.crew() as pool:
            for chunk in batched(lines, _CHUNK, strict=False):
                for _ in pool.map(self._send, chunk):
                    pass
                self._look(pool)
                if not self._await(pool, most_pending=_MOST_PENDING):
                    return
            self.report.is_complete = self._await(pool, most_pending=0)

    def _send(self, line: Line) -> None:
        """Send a line and note its operation, or that the API refused it, whatever becomes of the lines beside it."""
        try:
            answer = self._api.post("/api/projects", line.body, idempotency_key=line.key(self._name))
        except RefusedError as error:
            if error.status not in _FAULTS:
                raise
            self._reject(Rejection(line.number, error.detail, None))
            return
        self.report.pending[line.number] = str(answer["operation_id"])

    def _await(self, pool: Executor, *, most_pending: int) -> bool:
        """Look again until few enough are undecided; False when nothing came of any for too long."""
        waited, wait = 0.0, _FIRST_WAIT_SECONDS
        while len(self.report.pending) > most_pending:
            if waited >= _PATIENCE_SECONDS:
                return False
            self._api.wait(wait)
            waited, wait = waited + wait, min(2 * wait, _LONGEST_WAIT_SECONDS)
            if self._look(pool):
                waited, wait = 0.0, _FIRST_WAIT_SECONDS
        return True

    def _look(self, pool: Executor) -> bool:
        """Ask what became of some undecided, and tell whether any is decided now; the next time it is others' turn."""
        before = len(self.report.pending)
        asked = list(islice(self.report.pending.items(), _CHUNK))
        operations = pool.map(lambda entry: self._api.get(f"/api/operations/{quote(entry[1], safe='')}"), asked)
        for (line, identifier), operation in zip(asked, operations, strict=True):
            self._note_operation(line, identifier, operation)
        return len(self.report.pending) < before

    def _note_operation(self, line: int, identifier: str, operation: dict[str, Any]) -> None:
        del self.report.pending[line]
        if operation["status"] == "pending":
            self.report.pending[line] = identifier
            return
        if operation["status"] == "rejected":
            self._reject(Rejection(line, str(operation.get("reason")), identifier))
            return
        self.report.created += 1
        self._advance(1)

    def _reject(self, rejection: Rejection) -> None:
        self.report.rejected.append(rejection)
        self._advance(1)
