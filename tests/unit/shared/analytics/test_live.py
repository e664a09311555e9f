from typing import Any

import msgspec
import pytest

from schemas.analytics_messages import AnalyticsPart
from shared.analytics.dimensions import LIVE_MINUTES
from shared.analytics.live import MOST_VISITORS, SHORT, Live
from shared.analytics.messages import Message
from shared.table import keys
from shared.table.revisions import key_of
from tests.unit.shared.analytics.parts import SITE, part
from tests.unit.shared.analytics.tables import MemoryTable
from tests.unit.shared.analytics.workers import items_of

NOW = 1_795_780_830.0
MINUTE = int(NOW // 60)


def message(visitor: str, *, minutes_ago: int = 0, site: str = SITE) -> Message:
    return Message(
        visitor, NOW - 60 * minutes_ago, "", msgspec.convert(part((0, "/"), visitor=visitor, site=site), AnalyticsPart)
    )


def there(table: MemoryTable, site: str = SITE) -> dict[str, Any]:
    item = table.items.get(key_of(keys.live(site, 0)))
    found: dict[str, Any] = msgspec.json.decode(item["doc"]["S"]) if item else {}
    return found


def note(table: MemoryTable, *messages: Message, now: float = NOW) -> None:
    Live(items_of(table)).note(messages, now=now)


def test_who_sent_something_is_there_since_that_minute() -> None:
    table = MemoryTable()

    note(table, message("a"), message("b", minutes_ago=2))

    assert there(table) == {"a": MINUTE, "b": MINUTE - 2}


def test_of_a_visitor_only_the_beginning_of_the_id_is_kept() -> None:
    table = MemoryTable()

    note(table, message("visitor-a-000000"))

    assert list(there(table)) == ["visitor-a-000000"[:SHORT]]


@pytest.mark.parametrize(("minutes_ago", "is_there"), [(-1, False), (LIVE_MINUTES - 1, True), (LIVE_MINUTES, False)])
def test_only_the_last_minutes_count(minutes_ago: int, is_there: bool) -> None:
    table = MemoryTable()

    note(table, message("a", minutes_ago=minutes_ago))

    assert ("a" in there(table)) is is_there


def test_nobody_is_nowhere() -> None:
    table = MemoryTable()

    note(table, message(""))

    assert table.calls == []


def test_who_was_there_before_stays_for_some_minutes() -> None:
    table = MemoryTable()
    note(table, message("a"), message("b", minutes_ago=1))

    note(table, message("c", minutes_ago=1 - LIVE_MINUTES), now=NOW + 60 * (LIVE_MINUTES - 1))

    assert there(table) == {"a": MINUTE, "c": MINUTE + LIVE_MINUTES - 1}


def test_what_comes_late_makes_nobody_leave_earlier() -> None:
    table = MemoryTable()
    note(table, message("a"), message("a", minutes_ago=1))

    note(table, message("a", minutes_ago=3))

    assert there(table) == {"a": MINUTE}


def test_a_conflict_at_one_site_leaves_the_others_alone() -> None:
    faults = ["conflict"]
    table = MemoryTable(lambda: faults.pop() if faults else None)

    note(table, message("a"), message("b", site="other.example"))

    assert (there(table), there(table, "other.example")) == ({}, {"b": MINUTE})


def test_who_comes_again_is_there_since_then() -> None:
    table = MemoryTable()
    note(table, message("a", minutes_ago=3))

    note(table, message("a"))

    assert there(table) == {"a": MINUTE}


def test_each_site_has_its_own_visitors() -> None:
    table = MemoryTable()

    note(table, message("a"), message("b", site="other.example"))

    assert (list(there(table)), list(there(table, "other.example"))) == (["a"], ["b"])


def test_of_very_many_visitors_the_last_are_kept() -> None:
    table = MemoryTable()

    note(table, *(message(f"{number:08d}") for number in range(MOST_VISITORS + 2)))

    found = list(there(table))
    assert (len(found), found[0]) == (MOST_VISITORS, "00000002")


def test_the_item_expires_when_nobody_is_there_any_longer() -> None:
    table = MemoryTable()

    note(table, message("a"))

    expires_at = int(table.items[key_of(keys.live(SITE, 0))]["expires_at"]["N"])
    assert NOW + 60 * LIVE_MINUTES < expires_at <= NOW + 3600


@pytest.mark.parametrize("fault", ["conflict", "throttle", "error", "lost"])
def test_where_others_were_faster_it_is_given_up(fault: str) -> None:
    table = MemoryTable(lambda: fault)

    note(table, message("a"))

    assert len(table.writes) == 1
