"""Show how far a long piece of work is: a bar in a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from cli.console import err

_SECONDS_BETWEEN_LINES = 5

Advance = Callable[[int], None]


class _Rate(ProgressColumn):
    """Pieces a second."""

    def render(self, task: Task) -> Text:
        """Return the rate of the last moments."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="dim")


@contextmanager
def counting(what: str, total: int) -> Iterator[Advance]:
    """Show how many of about `total` pieces are done; call what this gives with the number of further ones."""
    if err.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        with Progress(*columns, console=err, transient=True) as progress:
            task = progress.add_task(what, total=total)
            yield lambda count: progress.advance(task, count)
        return
    yield _Lines(what, total)


class _Lines:
    """Says how far it is, at most every few seconds."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._started = self._said = time.monotonic()

    def __call__(self, count: int) -> None:
        """Count further pieces."""
        self._done += count
        now = time.monotonic()
        if now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = now
            rate = self._done / (now - self._started)
            left = max(0, self._total - self._done) / rate
            err.print(f"{self._what}: {self._done:,} of about {self._total:,}, {rate:,.0f}/s, {left:,.0f} s left")
