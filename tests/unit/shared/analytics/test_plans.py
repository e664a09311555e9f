import zlib
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from shared.analytics.plans import (
    FEWEST_BITS,
    MOST_BITS,
    MOST_SHARDS,
    VISITORS_PER_BUCKET,
    Plan,
    Plans,
    plan_for,
)
from shared.aws.errors import AwsError
from shared.table import keys
from shared.table.revisions import ChangedError, Write, key_of
from tests.unit.shared.analytics.tables import MemoryTable
from tests.unit.shared.analytics.workers import items_of

SITE, YESTERDAY, DAY = "example.org", "2026-02-28", "2026-03-01"
NOW = 1_772_000_000.5


def store_visitors(table: MemoryTable, visitors: int, *, shard: int = 0, day: str = YESTERDAY) -> None:
    document = zlib.compress(msgspec.json.encode({"total": {"": [0, 0, 0, 0, 0, visitors]}}))
    key = key_of(keys.day_rollup(SITE, "totals", day, shard))
    items_of(table).write([Write(key, 0, {"doc": document}, None)])


def store_shards(table: MemoryTable, shards: int) -> None:
    items_of(table).write([Write(key_of(keys.site(SITE)), 0, {"shards": str(shards)}, None)])


def stored_shards(table: MemoryTable) -> str:
    item = table.items[key_of(keys.site(SITE))]
    assert "expires_at" not in item
    return str(item["shards"]["S"])


def plan_of(table: MemoryTable) -> Plan:
    return Plans(items_of(table)).of(SITE, DAY, now=NOW)


@pytest.mark.parametrize(
    ("visitors", "plan"),
    [
        (0, Plan(FEWEST_BITS, 1)),
        (3 * 2**12, Plan(12, 1)),
        (3 * 2**12 + 1, Plan(13, 1)),
        (3 * 2**13 + 1, Plan(14, 1)),
        (199_999, Plan(MOST_BITS, 1)),
        (200_000, Plan(MOST_BITS, 2)),
        (399_999, Plan(MOST_BITS, 2)),
        (10**9, Plan(MOST_BITS, MOST_SHARDS)),
    ],
)
def test_a_day_is_divided_by_how_many_visitors_are_expected(visitors: int, plan: Plan) -> None:
    assert plan_for(visitors) == plan


def test_a_day_that_nobody_saw_coming_has_few_visitors_in_a_bucket() -> None:
    expected = 20_000

    assert expected / 2 ** plan_for(0).bits < 2 * VISITORS_PER_BUCKET


def test_a_site_without_a_yesterday_has_the_smallest_plan() -> None:
    table = MemoryTable()

    assert plan_of(table) == Plan(FEWEST_BITS, 1)
    assert stored_shards(table) == "1"


def test_a_day_is_planned_by_the_visitors_of_the_day_before() -> None:
    table = MemoryTable()
    store_visitors(table, 20_000)
    store_visitors(table, 10**6, day="2026-02-27")

    assert plan_of(table) == plan_for(20_000) == Plan(13, 1)


def test_the_visitors_of_all_shards_of_the_day_before_count() -> None:
    table = MemoryTable()
    store_shards(table, 3)
    for shard in range(3):
        store_visitors(table, 90_000, shard=shard)

    assert plan_of(table) == plan_for(270_000)


def test_a_plan_is_kept_until_the_last_message_can_have_come() -> None:
    table = MemoryTable()

    plan_of(table)

    assert table.items[key_of(keys.day_plan(SITE, DAY))]["expires_at"] == {
        "N": str(int(NOW) + keys.PLAN_RETENTION_SECONDS)
    }


def test_more_shards_than_before_are_told_to_reports_in_the_same_transaction() -> None:
    table = MemoryTable()
    store_shards(table, 1)
    store_visitors(table, 500_000)

    plan = plan_of(table)

    assert (plan.shards, stored_shards(table)) == (3, "3")
    assert table.writes[-1].keys() == {key_of(keys.day_plan(SITE, DAY)), key_of(keys.site(SITE))}


def test_a_quiet_day_leaves_the_shards_for_reports_as_they_were() -> None:
    table = MemoryTable()
    store_shards(table, 4)

    plan = plan_of(table)

    assert (plan.shards, stored_shards(table)) == (1, "4")


def test_a_plan_that_is_made_stays() -> None:
    table = MemoryTable()
    plan = plan_of(table)
    store_visitors(table, 10**6)

    assert plan_of(table) == plan


def test_a_plan_is_remembered() -> None:
    table = MemoryTable()
    plans = Plans(items_of(table))
    plans.of(SITE, DAY, now=NOW)
    calls = len(table.calls)

    plans.of(SITE, DAY, now=NOW)

    assert len(table.calls) == calls


def test_of_two_workers_the_slower_takes_the_plan_of_the_faster() -> None:
    table = MemoryTable()
    rival = Plan(9, 2)

    def overtake(operation: str, _request: Mapping[str, Any]) -> None:
        if operation == "TransactWriteItems":
            table.before = lambda _operation, _request: None
            texts = {"bits": str(rival.bits), "shards": str(rival.shards)}
            items_of(table).write([Write(key_of(keys.day_plan(SITE, DAY)), 0, texts, None)])

    table.before = overtake

    assert plan_of(table) == rival


def test_where_nobody_could_make_a_plan_it_is_made_later() -> None:
    faults = ["conflict"]
    table = MemoryTable(lambda: faults.pop() if faults else None)
    plans = Plans(items_of(table))

    with pytest.raises(ChangedError):
        plans.of(SITE, DAY, now=NOW)

    assert plans.of(SITE, DAY, now=NOW) == Plan(FEWEST_BITS, 1)


def test_an_error_of_the_table_is_passed_on() -> None:
    with pytest.raises(AwsError):
        plan_of(MemoryTable(lambda: "error"))


def test_sites_have_plans_of_their_own() -> None:
    table = MemoryTable()
    plans = Plans(items_of(table))
    store_visitors(table, 50_000)

    assert plans.of("other.example", DAY, now=NOW) == Plan(FEWEST_BITS, 1)
    assert plans.of(SITE, DAY, now=NOW) == plan_for(50_000)
