"""How the command speaks: results on standard output, everything else on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from local.packages import Report

# A pipe has no width: what is cut off there is lost.
_PIPE_WIDTH = 1000

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def columns(*headers: str) -> Table:
    """Return a table whose cells are folded where they don't fit, never cut; without headers, a list of pairs."""
    table = Table(box=None, pad_edge=False, show_header=bool(headers))
    for header in headers or ("", ""):
        table.add_column(header, overflow="fold")
    return table


def plain(text: object) -> Text:
    """Return what somebody else wrote, to be shown as it is: no markup, and nothing that steers a terminal."""
    return Text(
        "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in str(text))
    )


def complain(message: str) -> None:
    """Say in one line what is wrong."""
    err.print("[red]sitewire:[/]", plain(message))


@contextmanager
def progress() -> Iterator[Report]:
    """Show what is being done: a spinner in a terminal, plain lines elsewhere."""
    if not err.is_terminal:
        yield lambda message: err.print(f"{message} ...")
        return
    with err.status("Looking around") as status:
        yield lambda message: status.update(escape(message))
