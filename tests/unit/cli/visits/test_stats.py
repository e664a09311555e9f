"""The command, in this process, on a stage that answers what it is told to."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import boto3
import pytest

from cli import stats
from cli.main import main
from cli.projects.access import Token
from cli.target import Target

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

METRICS = {"pageviews": 1200, "bounce_rate": 0.25, "visit_duration": 95.4, "views_per_visit": None}
REPORT: dict[str, Any] = {
    "site": "example.org",
    "period": {"from": "2026-11-26", "to": "2026-11-27", "interval": "day", "time_zone": "Europe/Berlin"},
    "totals": METRICS,
    "series": [{"time": "2026-11-26", **METRICS, "pageviews": 0}, {"time": "2026-11-27", **METRICS}],
    "rows": [],
}
ROWS = {
    "dimension": "page",
    "rows": [{"page": "/\x1b[31m[b]a", "pageviews": 1150}, {"page": "(other)", "pageviews": 50}],
}
COMPARISON = {
    "comparison": {
        "period": {"from": "2026-11-24", "to": "2026-11-25"},
        "totals": METRICS,
        "changes": {"pageviews": 0.5, "bounce_rate": -0.125, "visit_duration": None, "views_per_visit": None},
    }
}


class Done(NamedTuple):
    """A finished command."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


class Reporter(ThreadingHTTPServer):
    """A stage that answers every request alike, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.status = 200
        self.body = json.dumps(REPORT).encode()
        self.queries: list[dict[str, str]] = []


class _Exchange(BaseHTTPRequestHandler):
    server: Reporter

    def do_GET(self) -> None:
        self.server.queries.append(dict(parse_qsl(urlsplit(self.path).query)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def reporter() -> Iterator[Reporter]:
    with Reporter() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def run(reporter: Reporter, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    place = Target("local", f"http://127.0.0.1:{reporter.server_address[1]}", "", "", "", boto3.client)
    monkeypatch.setattr(stats, "target", lambda _: place)
    monkeypatch.setattr(stats, "caller", lambda *_: Token(lambda: "token-1"))

    def command(*arguments: str) -> Done:
        monkeypatch.setattr("sys.argv", ["sitewire", "stats", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfdbinary.readouterr()
        return Done(int(ended.value.code or 0), out.decode(), err.decode())

    return command


def answered(reporter: Reporter, **more: Any) -> None:
    reporter.body = json.dumps(REPORT | more).encode()


def cells(line: str) -> list[str]:
    return line.split()


def test_totals_are_shown_with_their_course(run: Run) -> None:
    done = run()

    lines = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert lines[0] == "example.org: 2026-11-26 to 2026-11-27 (Europe/Berlin)"
    assert [cells(line) for line in lines[1:]] == [
        ["metric", "total", "by", "day"],
        ["pageviews", "1,200", "▁█"],
        ["bounce", "rate", "25%", "██"],
        ["visit", "duration", "1m", "35s", "██"],
        ["views", "per", "visit", "-"],
    ]


def test_rows_are_shown_as_they_are_and_steer_no_terminal(reporter: Reporter, run: Run) -> None:
    answered(reporter, **ROWS)

    lines = run("--by", "page").out.splitlines()

    assert [cells(line) for line in lines[-3:]] == [
        ["page", "pageviews"], ["/\N{REPLACEMENT CHARACTER}[31m[b]a", "1,150"], ["(other)", "50"],
    ]  # fmt: skip


def test_a_list_of_nothing_is_said(reporter: Reporter, run: Run) -> None:
    answered(reporter, dimension="utm_source")

    assert "nothing is counted by utm source in this period" in run("--by", "utm_source").out


def test_changes_are_shown(reporter: Reporter, run: Run) -> None:
    answered(reporter, **COMPARISON)

    lines = run("--compare").out.splitlines()

    assert "than 2026-11-24 to 2026-11-25" in lines[1]
    assert cells(lines[2])[2] == "+50%"
    assert cells(lines[3])[3] == "-12%"
    assert reporter.queries == [{"compare": "previous", "limit": "20"}]


def test_who_is_there_and_what_is_filtered_is_told(reporter: Reporter, run: Run) -> None:
    answered(reporter, realtime={"visitors": 1}, filter={"dimension": "country", "value": "DE"})

    out = run("--filter", "country:DE").out

    assert out.startswith("example.org, country DE: ")
    assert out.endswith("\n1 visitor in the last five minutes\n")


def test_everything_is_asked_of_the_api(reporter: Reporter, run: Run) -> None:
    run(
        "--site", "example.org", "--from", "2026-01-01", "--to", "2026-01-31", "--interval", "day",
        "--dimension", "page", "--metrics", "pageviews,visitors", "--filter", "page:/a", "--limit", "5",
    )  # fmt: skip
    run("--period", "12mo")

    assert reporter.queries == [
        {
            "site": "example.org", "from": "2026-01-01", "to": "2026-01-31", "interval": "day", "dimension": "page",
            "metrics": "pageviews,visitors", "filter": "page:/a", "limit": "5",
        },
        {"period": "12mo", "limit": "20"},
    ]  # fmt: skip


def test_scripts_get_the_answer_of_the_api(run: Run) -> None:
    assert json.loads(run("--json").out) == REPORT


def test_spreadsheets_get_the_table_of_the_api_byte_for_byte(reporter: Reporter, run: Run) -> None:
    reporter.body = "page,pageviews\r\n/ü,3\r\n".encode()

    assert run("--csv", "--by", "page").out == "page,pageviews\r\n/ü,3\r\n"
    assert reporter.queries == [{"dimension": "page", "limit": "20", "format": "csv"}]


def test_json_and_csv_do_not_go_together(run: Run) -> None:
    assert run("--json", "--csv").code == 2


def test_what_the_api_refuses_is_said_in_a_line(reporter: Reporter, run: Run) -> None:
    errors = [{"pointer": "", "detail": "to: Must not be before from."}]
    reporter.status = 400
    reporter.body = json.dumps({"detail": "The query parameter to is not valid.", "errors": errors}).encode()

    done = run("--from", "2026-02-01", "--to", "2026-01-01")

    assert done.code == 2
    assert "The query parameter to is not valid. to: Must not be before from." in done.err


def test_who_may_not_is_told_which_role_it_takes(reporter: Reporter, run: Run) -> None:
    reporter.status, reporter.body = 403, b'{"detail": "Not allowed."}'

    done = run()

    assert (done.code, "Not allowed. This takes the role viewer." in done.err) == (1, True)


def test_an_answer_of_something_else_is_said(reporter: Reporter, run: Run) -> None:
    reporter.body = b"<html>"

    done = run()

    assert (done.code, "did not answer as a Sitewire API does" in done.err) == (1, True)


@pytest.mark.parametrize("option", [("--by", "colour"), ("--period", "week"), ("--limit", "0"), ("--interval", "year")])
def test_what_there_is_not_is_refused(run: Run, option: tuple[str, str]) -> None:
    done = run(*option)

    assert done.code == 2
    assert "Invalid value for " in done.err
    assert option[0] in done.err
    assert "Value error" not in done.err
