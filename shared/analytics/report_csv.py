"""A report as CSV (RFC 4180), for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_STEERING = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a text begins with that a spreadsheet would run as a formula (OWASP, "CSV Injection")."""


def to_csv(columns: Sequence[str], lines: Iterable[Mapping[str, Any]]) -> str:
    """Return lines of a report; what has no value is empty.

    What a visitor may have made up is a text to every spreadsheet: where one would take it for a formula, an apostrophe
    stands before it.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_cell(line[column]) for column in columns] for line in lines)
    return file.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_STEERING):
        return f"'{value}"
    return value
