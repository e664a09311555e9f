"""docs/cli.md: every command, from the objects that print its help."""

import inspect

import typer
from rich.text import Text

from cli.docs.markdown import block, code, page, table
from cli.main import EXIT_CODES, app

_INTRODUCTION = """\
`sitewire` is installed by `make env`, as `.venv/bin/sitewire`. Results go to standard output, everything else to
standard error, so that both can be told apart in scripts. A mistake is one line that says what to do."""


def commands_page() -> str:
    """Return the document."""
    group = typer.main.get_group(app)
    root = typer.Context(group, info_name="sitewire")
    parts = [
        _INTRODUCTION,
        "## Exit codes",
        table(("Code", "Meaning"), ((str(exit_code), meaning) for exit_code, meaning in EXIT_CODES.items())),
    ]
    for name, command in group.commands.items():
        parts += _section(typer.Context(command, parent=root, info_name=name))
    return page("The command line", *parts, source="the commands in cli/")


def _section(context: typer.Context) -> list[str]:
    """Return what is said of a command, and of those below it."""
    path = context.command_path.removeprefix("sitewire ")
    below = getattr(context.command, "commands", None)
    if below is None:
        return [f"## {path}", *_describe(context)]
    parts = [f"## {path}", _plain(context.command.help or "")]
    for name, command in below.items():
        parts += _section(typer.Context(command, parent=context, info_name=name))
    return parts


def _describe(context: typer.Context) -> list[str]:
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    records = (parameter.get_help_record(context) for parameter in command.params)
    rows = [(code(names), meaning) for names, meaning in filter(None, records)]
    parameters = table(("Argument or option", "Meaning"), rows) if rows else ""
    return [_plain(command.help or ""), block(usage, "text"), parameters]


def _plain(help_text: str) -> str:
    """Return a help text without Rich's marks."""
    return Text.from_markup(inspect.cleandoc(help_text)).plain
