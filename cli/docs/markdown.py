"""The little Markdown that the documents are made of."""

from collections.abc import Iterable, Sequence


def page(title: str, *parts: str, source: str) -> str:
    """Return a document.

    Parameters
    ----------
    title
        Its heading.
    parts
        Its paragraphs, tables and headings.
    source
        What to edit instead of it.
    """
    notice = f"<!-- Written by 'make generate' from {source}. Edit that instead. -->"
    return "\n\n".join([notice, f"# {title}", *(part for part in parts if part)]) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a cell's line breaks and pipes are made harmless."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def code(text: object) -> str:
    """Return text that is shown as it is, in a line."""
    return f"`{text}`"


def listed(names: Iterable[object]) -> str:
    """Return names as they are shown in a line, or 'none'."""
    return ", ".join(map(code, names)) or "none"


def block(text: str, language: str) -> str:
    """Return lines of code."""
    return f"```{language}\n{text}\n```"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
