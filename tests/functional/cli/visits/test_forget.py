"""The command that erases what was counted, on a table of moto."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
import pytest

from cli import analytics
from cli.main import main
from cli.target import Target
from cli.visits.erasure import Erasure
from shared.analytics.dimensions import GROUPS
from tests.functional.conftest import TABLE
from tests.functional.shared.table.rollups import live, plan, put, rollup, site, visitors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TODAY = datetime.now(UTC).date()
DAYS = [str(TODAY - timedelta(days=number)) for number in (0, 1, 40)]
EVERYTHING = len(DAYS) * len(GROUPS) * 2 * 2 + 2 * 3 + 1


class Done(NamedTuple):
    """A finished command."""

    code: int
    err: str


Run = Callable[..., Done]


@pytest.fixture
def counted(dynamodb: "DynamoDBClient") -> "DynamoDBClient":
    """Return a client of a table with what was counted on three days of a site, and what else there is."""
    items = [site(shards=2), live({"a": 1})]
    for day in DAYS:
        for group in GROUPS:
            for shard in range(2):
                items.append(rollup(group, day, {}, shard=shard))
                items.append(rollup(group, day, {}, hour=23, shard=shard))
    for day in DAYS[:2]:
        items += [plan(day, bits=3, shards=2), *(visitors(day, bucket) for bucket in (0, 3, 7))]
    others = [{**item, "PK": item["PK"].replace("example.org", "example.org.uk")} for item in items]
    put(dynamodb, TABLE, [*items, *others, {"PK": "CONTACT#1", "SK": "SUBMISSION"}])
    return dynamodb


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    local = Target("local", "", TABLE, "", "", boto3.client)
    monkeypatch.setattr(analytics, "target", lambda _: local)

    def command(*arguments: str, text: str = "") -> Done:
        monkeypatch.setattr("sys.argv", ["sitewire", "analytics", "forget", "--site", "example.org", *arguments])
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), capsys.readouterr().err)

    return command


def left(client: "DynamoDBClient") -> list[str]:
    """Return the keys of the site that are left, without how its days are divided."""
    found = [f"{item['PK']['S']} {item['SK']['S']}" for item in _items(client)]
    return [
        key for key in found if "#example.org" in key and ".uk" not in key and "PLAN#" not in key and "SITE" not in key
    ]


def of_others(client: "DynamoDBClient") -> int:
    return sum("example.org.uk" in item["PK"]["S"] or item["PK"]["S"] == "CONTACT#1" for item in _items(client))


def _items(client: "DynamoDBClient") -> list[Any]:
    return list(client.scan(TableName=TABLE)["Items"])


def test_a_site_is_forgotten_and_no_other(counted: "DynamoDBClient", run: Run) -> None:
    assert len(left(counted)) == EVERYTHING
    others = of_others(counted)

    done = run("--yes")

    assert (done.code, left(counted), of_others(counted)) == (0, [], others)
    assert done.err.endswith(f"Erased {EVERYTHING} items of example.org on local: all that was ever counted.\n")


def test_to_forget_again_finds_nothing(counted: "DynamoDBClient", run: Run) -> None:  # noqa: ARG001
    run("--yes")

    done = run("--yes")

    assert (done.code, "There was nothing of example.org on local: all that was ever counted." in done.err) == (0, True)


def test_days_are_forgotten_alone(counted: "DynamoDBClient", run: Run) -> None:
    done = run("--yes", "--from", DAYS[2], "--to", DAYS[1])

    assert done.code == 0
    keys = left(counted)
    assert len(keys) == len(GROUPS) * 2 * 2 + 3 + ("ANALYTICS#example.org LIVE#0" in keys)
    assert all(DAYS[0] in key or "LIVE" in key for key in keys)


def test_long_ago_nobody_is_there(counted: "DynamoDBClient", run: Run) -> None:
    run("--yes", "--to", DAYS[2])

    assert "ANALYTICS#example.org LIVE#0" in left(counted)
    assert not [key for key in left(counted) if DAYS[2] in key]


def test_a_dry_run_erases_nothing(counted: "DynamoDBClient", run: Run) -> None:
    done = run("--dry-run")

    assert (done.code, len(left(counted))) == (0, EVERYTHING)
    assert f"Would erase {EVERYTHING} items of example.org" in done.err


def test_the_sites_name_confirms(counted: "DynamoDBClient", run: Run) -> None:
    assert run(text="example.org\n").code == 0

    assert left(counted) == []


def test_anything_else_does_not(counted: "DynamoDBClient", run: Run) -> None:
    done = run(text="yes\n")

    assert (done.code, len(left(counted))) == (2, EVERYTHING)
    assert "that is not the site's name: nothing was erased" in done.err


def test_what_was_counted_long_after_its_day_is_found(dynamodb: "DynamoDBClient", run: Run) -> None:
    # A dead letter of the day was replayed three times, a fortnight after the other.
    day = str(TODAY - timedelta(days=140))
    late = str(TODAY - timedelta(days=75))
    put(dynamodb, TABLE, [
        site(shards=1), rollup("pages", day, {}), rollup("pages", day, {}, hour=23), plan(late, bits=12),
        visitors(late, 4000),
    ])  # fmt: skip

    assert run("--yes").code == 0
    assert left(dynamodb) == []


@pytest.mark.parametrize(
    "days",
    [("--from", "2199-01-01", "--to", "2199-01-31"), ("--from", "2199-01-01"), ("--to", "2024-12-31")],
)
def test_days_on_which_nothing_can_have_been_counted_are_refused(
    counted: "DynamoDBClient", run: Run, days: tuple[str, ...]
) -> None:
    done = run("--yes", *days)

    assert (done.code, len(left(counted))) == (2, EVERYTHING)
    assert "nothing can have been counted on those days, only from 2025-01-01 to " in done.err


def test_days_in_the_wrong_order_are_refused(counted: "DynamoDBClient", run: Run) -> None:  # noqa: ARG001
    done = run("--yes", "--from", "2026-11-02", "--to", "2026-11-01")

    assert (done.code, "--from must not be after --to" in done.err) == (2, True)


def test_an_interrupted_run_is_gone_on_with(
    counted: "DynamoDBClient", run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase = Erasure._delete
    batches = iter(range(100))

    def interrupted(self: Any, batch: Any) -> None:
        if next(batches) == 5:
            raise KeyboardInterrupt
        erase(self, batch)

    monkeypatch.setattr(Erasure, "_delete", interrupted)

    done = run("--yes")
    rest = len(left(counted))
    again = run("--yes")

    assert (done.code, again.code) == (130, 0)
    assert "Interrupted: run the same command again to go on." in done.err
    assert 0 < rest < EVERYTHING
    assert left(counted) == []


def test_what_dynamodb_leaves_over_is_sent_again(
    counted: "DynamoDBClient", run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn = iter([True, False] * 1000)

    def client(*_: Any) -> Any:
        made: Any = boto3.client("dynamodb")
        write = made.batch_write_item

        def some(RequestItems: dict[str, list[Any]]) -> dict[str, Any]:  # noqa: N803
            if next(stubborn):
                return {"UnprocessedItems": RequestItems}
            answer: dict[str, Any] = write(RequestItems=RequestItems)
            return answer

        made.batch_write_item = some
        return made

    monkeypatch.setattr(analytics, "target", lambda _: Target("local", "", TABLE, "", "", client))

    assert run("--yes").code == 0
    assert left(counted) == []
