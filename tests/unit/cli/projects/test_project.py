"""The commands, in this process, on a stage on the loopback address."""

import io
import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest

from cli import project, sessions
from cli.main import main
from cli.sessions import Session, keep
from cli.target import Target
from tests.unit.cli.projects.stage import TOKEN, Asked, Stage

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


class Done(NamedTuple):
    """A finished command."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def place(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    """Return the stage, on which somebody is signed in."""
    found = Target("local", stage.url, "table", "pool", "client", boto3.client)
    monkeypatch.setattr(project, "target", lambda _: found)
    monkeypatch.setattr(sessions, "STATE", tmp_path / "state")
    keep(found, Session("pool", "ada@example.org", TOKEN, "refresh", time.time() + 3600))
    return found


@pytest.fixture
def run(
    place: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]  # noqa: ARG001
) -> Run:  # fmt: skip
    """Return how a command is run, in an empty folder."""
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def command(*arguments: str, text: bytes = b"") -> Done:
        monkeypatch.setattr("sys.argv", ["sitewire", "project", *arguments])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return command


def written(name: str, *documents: Any) -> Path:
    file = Path(name)
    file.write_text("".join(f"{json.dumps(document)}\n" for document in documents))
    return file


def titled(count: int) -> list[dict[str, Any]]:
    return [{"title": f"Project {number:04}"} for number in range(count)]


def interrupt(_: object = None) -> None:
    """Press Ctrl-C."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def interrupt_at(method: str, part: str, count: int) -> Callable[[Asked], None]:
    """Return what presses Ctrl-C on the n-th request to such a path."""
    counter = iter(range(1, 1_000_000))

    def look(asked: Asked) -> None:
        if asked.method == method and part in asked.path and next(counter) == count:
            interrupt()

    return look


def test_projects_are_exported_to_a_file(stage: Stage, run: Run) -> None:
    for number in range(3):
        stage.keep(f"Project {number}", body="Länge")

    done = run("export", "all.jsonl")

    assert (done.code, done.out) == (0, "")
    assert done.err.endswith("Wrote 3 projects to all.jsonl.\n")
    assert [json.loads(line) for line in Path("all.jsonl").read_text().splitlines()] == list(stage.projects.values())


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_projects_are_exported_to_standard_output(stage: Stage, run: Run, arguments: tuple[str, ...]) -> None:
    stage.keep("Brücke")

    done = run("export", *arguments)

    assert (done.code, [json.loads(line) for line in done.out.splitlines()]) == (0, list(stage.projects.values()))


def test_an_export_is_narrowed(stage: Stage, run: Run) -> None:
    stage.keep("Brücke", status="published", locale="de")
    stage.keep("Bridge", status="published")
    stage.keep("Entwurf", locale="de")

    done = run("export", "--status", "published", "--locale", "de")

    assert [json.loads(line)["title"] for line in done.out.splitlines()] == ["Brücke"]


def test_a_dry_export_counts_and_writes_nothing(stage: Stage, run: Run) -> None:
    stage.keep("Bridge")

    done = run("export", "all.jsonl", "--dry-run", "--json")

    assert (done.code, json.loads(done.out)) == (0, {"dry_run": True, "file": "all.jsonl", "projects": 1})
    assert list(Path().iterdir()) == []
    assert run("export", "--dry-run").err.endswith("Would write 1 project to standard output.\n")
    assert json.loads(run("export", "--dry-run", "--json").out)["projects"] == 1


def test_an_export_is_told_to_scripts(stage: Stage, run: Run) -> None:
    stage.keep("Bridge")

    done = run("export", "all.jsonl", "--json")

    assert (done.code, json.loads(done.out)) == (0, {"dry_run": False, "file": "all.jsonl", "projects": 1})


def test_an_interrupted_export_says_how_to_go_on_and_goes_on(stage: Stage, run: Run) -> None:
    ids = [stage.keep(title["title"]) for title in titled(200)]
    stage.before = interrupt_at("GET", "/projects/", 150)

    broken = run("export", "all.jsonl")
    asked_before = len(stage.asked)
    (part,) = Path().iterdir()
    kept = len(part.read_text().splitlines())
    stage.before = lambda _: None
    done = run("export", "all.jsonl")

    assert broken.code == 130
    assert f"{kept} are in {part}: run the same command again to go on." in broken.err
    assert 0 < kept < 200
    assert f"Going on with the {kept} in {part}" in done.err
    assert [json.loads(line)["id"] for line in Path("all.jsonl").read_text().splitlines()] == ids
    read_again = {asked.path.rpartition("/")[2] for asked in stage.asked[asked_before:]} & set(ids)
    assert read_again == set(ids[kept:])
    assert list(Path().iterdir()) == [Path("all.jsonl")]


def test_an_export_that_is_interrupted_before_it_wrote_anything_says_so(stage: Stage, run: Run) -> None:
    stage.keep("Bridge")
    stage.before = interrupt_at("GET", "/projects", 2)

    done = run("export", "all.jsonl")

    assert done.code == 130
    assert done.err.endswith("Nothing is written yet: run the same command again to go on.\n")
    assert list(Path().iterdir()) == []


def test_an_interrupted_export_to_standard_output_says_that_it_is_not_whole(stage: Stage, run: Run) -> None:
    for title in titled(200):
        stage.keep(**title)
    stage.before = interrupt_at("GET", "/projects/", 150)

    done = run("export")

    assert done.code == 130
    assert "Interrupted: this is not all." in done.err
    assert 0 < len([json.loads(line) for line in done.out.splitlines()]) < 200


def test_an_export_does_not_go_on_in_one_of_other_projects(stage: Stage, run: Run) -> None:
    for title in titled(200):
        stage.keep(**title)
    stage.before = interrupt_at("GET", "/projects/", 150)
    run("export", "all.jsonl")
    stage.before = lambda _: None

    done = run("export", "all.jsonl", "--status", "published")

    assert (done.code, Path("all.jsonl").read_text()) == (0, "")


def test_a_file_that_exists_is_bad_input(run: Run) -> None:
    written("all.jsonl", {"title": "mine"})

    done = run("export", "all.jsonl")

    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert "all.jsonl exists: name another file, or remove it" in done.err


def test_a_summary_has_no_place_among_projects(run: Run) -> None:
    done = run("export", "--json")

    assert (done.code, done.out) == (2, "")
    assert "--json needs a FILE" in done.err


def test_a_reader_that_leaves_early_ends_an_export_quietly(
    stage: Stage, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.keep("Bridge")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", closefd=False) as closed:
        monkeypatch.setattr("sys.stdout", closed)

        done = run("export")

        # What it could not write would be written again when it is closed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)

    assert done.code == 1
    assert "sitewire:" not in done.err


def test_lines_become_projects(stage: Stage, run: Run) -> None:
    written("new.jsonl", *titled(3))

    done = run("import", "new.jsonl")

    assert (done.code, done.out) == (0, "")
    assert done.err.endswith("Created 3 projects of 3.\n")
    assert len(stage.projects) == 3


def test_what_was_exported_can_be_imported_elsewhere(stage: Stage, run: Run) -> None:
    stage.keep("Brücke", slug="bruecke", tags=["Stahl"], status="published")
    run("export", "all.jsonl")
    stage.projects.clear()

    done = run("import", "all.jsonl")

    (found,) = stage.projects.values()
    assert done.code == 0
    assert (found["title"], found["slug"], found["tags"], found["status"]) == (
        "Brücke", "bruecke", ["Stahl"], "published"
    )  # fmt: skip


def test_lines_are_read_from_standard_input(stage: Stage, run: Run) -> None:
    done = run("import", "-", text=b'{"title": "Bridge"}\n')

    assert (done.code, stage.titles()) == (0, ["Bridge"])


def test_mistakes_on_standard_input_have_its_name(run: Run) -> None:
    done = run("import", "-", text=b"{}\n")

    assert "standard input:1: /title: Field required" in done.err


def test_a_pipe_with_a_name_is_read_as_a_file_is(stage: Stage, run: Run) -> None:
    reading, writing = os.pipe()
    os.write(writing, b'{"title": "Bridge"}\n')
    os.close(writing)

    done = run("import", f"/dev/fd/{reading}")
    os.close(reading)

    assert (done.code, stage.titles()) == (0, ["Bridge"])


def test_a_dry_import_checks_and_sends_nothing(stage: Stage, run: Run) -> None:
    written("new.jsonl", *titled(3))

    done = run("import", "new.jsonl", "--dry-run")
    told = json.loads(run("import", "new.jsonl", "--dry-run", "--json").out)

    assert (done.code, done.out, stage.asked) == (0, "", [])
    assert "Would send 3 projects of new.jsonl" in done.err
    assert (told["dry_run"], told["lines"], told["created"]) == (True, 3, 0)


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--json",)])
def test_bad_lines_are_all_told_and_nothing_is_sent(stage: Stage, run: Run, options: tuple[str, ...]) -> None:
    written("new.jsonl", {"title": "Good"}, {"title": "a", "slug": "A"}, {"name": "[red]"})

    done = run("import", "new.jsonl", *options)

    assert (done.code, done.out, stage.asked) == (2, "", [])
    assert done.err.endswith(
        "new.jsonl:2: /slug: Must be words of small letters and digits, joined by single dashes.\n"
        "new.jsonl:3: /title: Field required\n"
        "new.jsonl:3: /name: Extra inputs are not permitted\n"
        "sitewire: Invalid value: 2 of 3 lines of new.jsonl are no projects; nothing was sent (try --help)\n"
    )


@pytest.mark.parametrize(("name", "why"), [("missing.jsonl", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_bad_input(run: Run, name: str, why: str) -> None:
    done = run("import", name)

    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert f"{name} can't be read: {why}" in done.err


def test_rejected_lines_are_told_with_numbers_and_reasons(stage: Stage, run: Run) -> None:
    stage.keep("Old", slug="bridge")
    written("new.jsonl", {"title": "Tower"}, {"title": "New", "slug": "bridge"})

    done = run("import", "new.jsonl")
    told = json.loads(run("import", "new.jsonl", "--json").out)

    assert done.code == 1
    assert done.err.endswith(
        "Created 1 project of 2.\n"
        "  1 rejected:\n"
        "  new.jsonl:2: slug_taken (another project of its locale has the slug, or had it)\n"
    )
    assert [(entry["line"], entry["reason"]) for entry in told["rejected"]] == [(2, "slug_taken")]
    assert {**told, "rejected": []} == {
        "dry_run": False, "lines": 2, "created": 1, "rejected": [], "pending": [], "complete": True
    }  # fmt: skip


def test_a_rejected_line_is_tried_again_under_another_name(stage: Stage, run: Run) -> None:
    old = stage.keep("Old", slug="bridge")
    written("new.jsonl", {"title": "New", "slug": "bridge"})
    run("import", "new.jsonl")
    del stage.projects[old]

    same, other = run("import", "new.jsonl"), run("import", "new.jsonl", "--run", "second")

    assert (same.code, other.code, stage.titles()) == (1, 0, ["New"])


def test_an_interrupted_import_says_how_to_go_on_and_goes_on(stage: Stage, run: Run) -> None:
    written("new.jsonl", *titled(200))
    stage.before = interrupt_at("POST", "/projects", 100)

    broken = run("import", "new.jsonl")
    before = len(stage.projects)
    sent = {asked.headers["idempotency-key"] for asked in stage.posts}
    stage.before = lambda _: None
    done = run("import", "new.jsonl")

    assert broken.code == 130
    assert "Interrupted: nothing is lost; run the same command again to go on." in broken.err
    assert 0 < before < 200
    # Whatever the stage accepted is told of, and nothing else is said to be.
    known = int(re.search(r"Created (\d+) projects", broken.err)[1]) + int(re.search(r"(\d+) accepted", broken.err)[1])  # type: ignore[index]
    assert known == before
    assert f"{200 - before} left: run the same command again" in broken.err
    assert done.code == 0
    assert "Created 200 projects of 200." in done.err
    assert len(stage.projects) == 200
    assert sent < {asked.headers["idempotency-key"] for asked in stage.posts}


def test_a_stage_that_breaks_is_told_with_what_is_known(stage: Stage, run: Run) -> None:
    def break_late(_: Asked) -> None:
        if len(stage.projects) == 100:
            stage.tokens = set()

    written("new.jsonl", *titled(200))
    stage.before = break_late

    done = run("import", "new.jsonl", "--json")

    told = json.loads(done.out)
    assert done.code == 1
    assert (told["complete"], 0 < told["created"] <= 100) == (False, True)
    assert done.err.endswith("sitewire: the stage does not accept your session: sign in again with 'sitewire login'\n")


def test_a_session_that_expires_meanwhile_is_renewed(stage: Stage, place: Target, run: Run) -> None:
    keep(place, Session("pool", "ada@example.org", TOKEN, "refresh", time.time()))
    written("new.jsonl", *titled(3))

    done = run("import", "new.jsonl")

    assert (done.code, len(stage.projects)) == (0, 3)
    assert stage.asked[0].path == "/v1/api/auth/refresh"


@pytest.mark.parametrize("arguments", [("export",), ("import", "new.jsonl")])
def test_who_is_not_signed_in_on_a_deployed_stage_is_told_to(
    stage: Stage, place: Target, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr(project, "target", lambda _: place._replace(stage="staging"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    written("new.jsonl", *titled(3))

    done = run(*arguments, "--stage", "staging")

    assert (done.code, done.out, stage.asked) == (1, "", [])
    assert done.err.removeprefix("Checking new.jsonl ...\n") == (
        "sitewire: nobody is signed in on staging: run 'sitewire login'\n"
    )


@pytest.mark.parametrize("arguments", [("export", "all.jsonl"), ("export",), ("import", "new.jsonl")])
def test_who_is_no_editor_is_told_before_anything_begins(stage: Stage, run: Run, arguments: tuple[str, ...]) -> None:
    stage.viewers = {TOKEN}
    written("new.jsonl", *titled(3))

    done = run(*arguments)

    assert (done.code, done.out, len(stage.asked)) == (1, "", 1)
    assert done.err.endswith("Your role does not permit this. This takes the role editor.\n")
    assert [path.name for path in Path().iterdir()] == ["new.jsonl"]
