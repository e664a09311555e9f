"""The commands, in this process, on queues of moto."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest

from cli import dlq, dlq_place
from cli.main import main
from cli.target import Target
from tests.functional.cli.dead_letters.queueing import ARN, Desk, event


class Done(NamedTuple):
    """A finished command."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]  # noqa: ARG001
) -> Run:  # fmt: skip
    """Return how a command is run on the stage of `desk`."""
    local = Target("local", "", "", "", "", boto3.client)
    for module in (dlq, dlq_place):
        monkeypatch.setattr(module, "target", lambda _: local)

    def command(*arguments: str, text: str = "") -> Done:
        monkeypatch.setattr("sys.argv", ["sitewire", "dlq", *arguments])
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return command


def test_queues_are_listed_with_depth_and_age(desk: Desk, run: Run) -> None:
    desk.fill(3)

    rows = json.loads(run("list", "--json").out)

    assert [row["name"] for row in rows] == [
        "store_contact",
        "notify_contact",
        "apply_project",
        "aggregate_analytics",
        "undelivered",
    ]
    assert {**rows[0], "oldest_seconds": 0} == {
        "name": "store_contact",
        "depth": 3,
        "oldest_seconds": 0,
        "source": "sitewire-local-store-contact",
        "consumer": "store_contact",
    }
    assert rows[-1] == {
        "name": "undelivered", "depth": 0, "oldest_seconds": None, "source": "sitewire-local", "consumer": None
    }  # fmt: skip


def test_people_see_which_rule_fills_a_queue(desk: Desk, run: Run) -> None:
    events: Any = boto3.client("events")
    events.create_event_bus(Name="sitewire-local")
    events.put_rule(Name="store-rule", EventBusName="sitewire-local", EventPattern='{"source": ["sitewire.contact"]}')
    events.put_targets(Rule="store-rule", EventBusName="sitewire-local", Targets=[{"Id": "1", "Arn": ARN}])
    desk.fill(1)

    lines = {line.split()[0]: line for line in run("list").out.splitlines()}

    assert "store-rule" in lines["store_contact"]
    assert "store-rule" in lines["undelivered"]
    assert "none: sent to directly" in lines["aggregate_analytics"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["export", "store_contact", "FILE"], {"queue": "store_contact", "exported": 2, "file": "FILE"}),
        (["import", "store_contact", "FILE"], {"queue": "store_contact", "imported": 2, "file": "FILE"}),
        (["purge", "store_contact", "--yes"], {"queue": "store_contact", "purged": 2}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_was_done_is_told_in_json(
    desk: Desk, run: Run, tmp_path: Path, arguments: list[str], told: dict[str, Any]
) -> None:
    desk.fill(2)
    file = tmp_path / "letters.jsonl"
    if arguments[0] == "import":
        run("export", "store_contact", str(file))

    done = run(*(str(file) if word == "FILE" else word for word in arguments), "--json")

    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {name: str(file) if name == "file" else value for name, value in told.items()}


def test_people_see_why_messages_died(desk: Desk, run: Run) -> None:
    desk.fill(7)

    done = run("show", "store_contact")

    assert "7 ContactSubmitted: no error in the worker's log" in done.out
    assert "event-0" in done.out
    assert "and 2 more" in done.out
    assert done.err == "7 of about 7 messages of store_contact on local.\n"


def test_replay_asks_first(desk: Desk, run: Run) -> None:
    desk.fill(2)

    refused = run("replay", "store_contact", text="n\n")
    untouched = desk.depth().visible
    done = run("replay", "store_contact", text="y\n")

    assert (refused.code, untouched) == (130, 2)
    assert "Replay about 2 messages of store_contact on local?" in refused.err
    assert (done.code, len(desk.delivered())) == (0, 2)


def test_replay_tells_in_json_what_became_of_the_messages(desk: Desk, run: Run) -> None:
    desk.fill(2)

    report: dict[str, Any] = json.loads(run("replay", "store_contact", "--dry-run", "--json").out)

    assert (report["dry_run"], report["replayed"], report["not_selected"], report["complete"]) == (True, 2, 0, True)


def test_an_id_that_is_not_there_is_told(desk: Desk, run: Run) -> None:
    desk.fill(1)

    done = run("replay", "store_contact", "--yes", "--id", "event-0", "--id", "event-9")

    assert (done.code, "not found: event-9" in done.err) == (1, True)
    assert len(desk.delivered()) == 1


@pytest.mark.parametrize(
    ("text", "code", "left"), [("notify_contact\n", 2, 2), ("store_contact\n", 0, 0), ("", 130, 2)]
)
def test_purge_asks_for_the_name(desk: Desk, run: Run, text: str, code: int, left: int) -> None:
    desk.fill(2)

    done = run("purge", "store_contact", text=text)

    assert (done.code, desk.depth().total) == (code, left)


def test_letters_go_into_a_file_and_back(desk: Desk, run: Run, tmp_path: Path) -> None:
    desk.put(event(1))
    file = str(tmp_path / "letters.jsonl")

    assert run("export", "store_contact", file).code == 0
    assert run("purge", "store_contact", "--yes").code == 0
    assert run("import", "store_contact", file).err == "Put 1 messages into store_contact.\n"
    assert desk.depth().total == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ["show", "nobody"],
            "there is no queue nobody; there are store_contact, notify_contact, apply_project, aggregate_analytics, "
            "undelivered",
        ),
        (["replay", "store_contact", "--filter", "detail."], "the filter is not JMESPath"),
        (["replay", "store_contact", "--since", "yesterday"], "'yesterday' is no time"),
        (["replay", "store_contact", "--to", "nobody"], "there is no queue nobody"),
        (["replay", "store_contact", "--to", "sitewire-local-store-contact-dlq"], "where the messages are"),
        (["replay", "store_contact", "--limit", "0"], "--limit"),
        (["import", "store_contact", "missing.jsonl"], "missing.jsonl can't be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_one_line_and_exit_code_two(run: Run, arguments: list[str], complaint: str) -> None:
    done = run(*arguments)

    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
    assert len(done.err.splitlines()) == 1
