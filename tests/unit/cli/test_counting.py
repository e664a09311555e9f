import io

import pytest
from rich.console import Console

from cli import counting
from cli.counting import counting as counting_


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Return what is written to a console that is no terminal, where a second is none."""
    text = io.StringIO()
    monkeypatch.setattr(counting, "err", Console(file=text, width=120))
    monkeypatch.setattr(counting, "_SECONDS_BETWEEN_LINES", 0)
    return text


def test_elsewhere_than_in_a_terminal_progress_is_plain_lines(written: io.StringIO) -> None:
    with counting_("Replaying", 1000) as advance:
        advance(10)
        advance(10)

    lines = written.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == ["Replaying: 10 of about 1", "Replaying: 20 of about 1"]
    assert lines[0].endswith("s left")


def test_in_a_terminal_progress_is_a_bar_with_rate_and_remaining_time(monkeypatch: pytest.MonkeyPatch) -> None:
    text = io.StringIO()
    monkeypatch.setattr(counting, "err", Console(file=text, width=120, force_terminal=True))

    with counting_("Replaying", 20) as advance:
        advance(10)
        advance(10)

    assert "20/20" in text.getvalue()
    assert "/s" in text.getvalue()
