"""What functions write is held to the schema of log lines."""

import json
from collections.abc import Iterator

import pytest

from tests.log_lines import misfits


@pytest.fixture(autouse=True)
def lines_that_fit(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Fail a test whose function wrote a line that `schemas.log_lines` does not declare."""
    yield
    written = [line for line in capsys.readouterr().out.splitlines() if _is_line(line)]
    assert [wrong for line in written for wrong in misfits(line)] == []


def _is_line(text: str) -> bool:
    try:
        return "service" in json.loads(text)
    except (ValueError, TypeError):
        return False
