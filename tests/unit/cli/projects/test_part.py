import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.projects.errors import FileError, ProjectTransferError
from cli.projects.part import Part

A, B, C = (f'{{"id": "{name}", "title": "{name.upper()}"}}\n'.encode() for name in "abc")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "projects.jsonl"


def interrupted(file: Path, *lines: bytes) -> Part:
    """Return a part that was written and not finished."""
    part = Part(file, "local")
    with part.opened():
        for line in lines:
            part.write(line)
    return part


def test_the_file_appears_when_it_is_whole(file: Path) -> None:
    part = Part(file, "local")
    with part.opened():
        part.write(A)
        part.write(B)
        before = file.exists()
        part.finish()

    assert not before
    assert file.read_bytes() == A + B
    assert list(file.parent.iterdir()) == [file]


def test_only_its_owner_can_read_it(file: Path) -> None:
    part = interrupted(file, A)

    assert stat.S_IMODE(part.path.stat().st_mode) == 0o600


def test_what_was_written_before_is_gone_on_with(file: Path) -> None:
    interrupted(file, A, B)
    part = Part(file, "local")

    with part.opened():
        ids = set(part.ids)
        part.write(C)
        count = part.count()
        part.finish()

    assert ids == {"a", "b"}
    assert (count, file.read_bytes()) == (3, A + B + C)


@pytest.mark.parametrize("cut", [B[:-1], B[:9], b"\n", b"[]\n", b"{}\n", b"\x00\x00"])
def test_a_line_that_is_not_whole_is_written_again(file: Path, cut: bytes) -> None:
    interrupted(file, A, cut)
    part = Part(file, "local")

    with part.opened():
        ids = set(part.ids)
        part.write(B)
        part.finish()

    assert ids == {"a"}
    assert file.read_bytes() == A + B


def test_nothing_stays_of_a_line_that_is_not_whole(file: Path) -> None:
    interrupted(file, A, B[:9])
    part = Part(file, "local")

    with part.opened():
        part.finish()

    assert file.read_bytes() == A


def test_an_export_of_something_else_begins_anew(file: Path) -> None:
    interrupted(file, A)
    part = Part(file, "local", "draft")

    with part.opened():
        part.write(B)
        part.finish()

    assert file.read_bytes() == B


def test_a_file_that_exists_stays_as_it_is(file: Path) -> None:
    file.write_bytes(b"mine")

    with pytest.raises(FileError, match="exists: name another file, or remove it"):
        interrupted(file, A)

    assert file.read_bytes() == b"mine"
    assert list(file.parent.iterdir()) == [file]


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="can't be written: No such file or directory"):
        interrupted(tmp_path / "missing" / "projects.jsonl", A)


def test_two_exports_do_not_write_into_one_file(file: Path) -> None:
    part = Part(file, "local")

    with part.opened(), pytest.raises(FileError, match="another export is writing"):
        interrupted(file, A)


def test_where_nothing_was_written_nothing_stays(file: Path) -> None:
    interrupted(file)

    assert list(file.parent.iterdir()) == []


def test_an_export_of_no_project_is_an_empty_file(file: Path) -> None:
    part = Part(file, "local")
    with part.opened():
        part.finish()

    assert file.read_bytes() == b""


@contextmanager
def small_disk() -> Iterator[None]:
    """Let no file grow beyond one line, that of pytest's own output included: so only for the moment."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(A), limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_disk_that_takes_no_more_is_told_and_what_it_took_stays(file: Path) -> None:
    with small_disk(), pytest.raises(ProjectTransferError, match="can't be written: File too large"):
        interrupted(file, A, B)

    (part,) = file.parent.iterdir()
    assert part.read_bytes() == A
