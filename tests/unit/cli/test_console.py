import io

import pytest
from rich.console import Console
from rich.table import Table

from cli.console import plain


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ada", "Ada"),
        ("[/hello]", "[/hello]"),
        ("[red]x[/red]", "[red]x[/red]"),
        ("\x1b]0;pwned\x1b\\\x1b[2J", "\ufffd]0;pwned\ufffd\\\ufffd[2J"),
        ("a\nb\rc\x9bd", "a\ufffdb\ufffdc\ufffdd"),
    ],
)
def test_what_somebody_wrote_is_shown_as_it_is_and_steers_nothing(written: str, shown: str) -> None:
    console = Console(file=io.StringIO(), width=80)
    table = Table(show_header=False, box=None)
    table.add_row(plain(written))

    console.print(table)

    file = console.file
    assert isinstance(file, io.StringIO)
    assert file.getvalue().strip() == shown
