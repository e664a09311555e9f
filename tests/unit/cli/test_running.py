from pathlib import Path

import pytest

from cli.running import running, running_pid
from local.errors import LocalError


def test_who_holds_the_lock_runs_the_stage(tmp_path: Path) -> None:
    lock = tmp_path / "state" / "dev.lock"
    before = running_pid(lock)

    with running(lock, 4711):
        during = running_pid(lock)

    assert (before, during, running_pid(lock)) == (None, 4711, None)


def test_a_number_that_was_left_behind_is_nobody(tmp_path: Path) -> None:
    lock = tmp_path / "dev.lock"
    lock.write_text("1")

    assert running_pid(lock) is None


def test_a_second_one_is_told_of_the_first(tmp_path: Path) -> None:
    lock = tmp_path / "dev.lock"

    with running(lock, 4711), pytest.raises(LocalError, match=r"it runs already \(process 4711\)"), running(lock, 4712):
        pass
