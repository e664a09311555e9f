"""Options of the benchmarks."""

import argparse
from collections.abc import Callable


def at_least(least: int) -> Callable[[str], int]:
    """Return what reads a whole number of at least `least`, as argparse's `type`; else a line says so, and code 2."""

    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            message = f"must be a whole number of at least {least}"
            raise argparse.ArgumentTypeError(message)
        return int(text)

    return number
