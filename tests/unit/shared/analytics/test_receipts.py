from hypothesis import given
from hypothesis import strategies as st

from shared.analytics.receipts import (
    BOT,
    COUNTED,
    CROWDED,
    EXCLUDED,
    FOREIGN,
    MOST_PAGES,
    PAGE_SIZE,
    TOO_OLD,
    Page,
    Receipt,
    is_full,
    read_page,
    write_page,
)
from shared.analytics.transaction import DUPLICATE
from shared.table import keys
from shared.table.revisions import Write, key_of
from tests.unit.properties import reproducible
from tests.unit.shared.analytics.parts import DATE, ROBOT, SITE, message, part, rollups_in
from tests.unit.shared.analytics.reference import Reference
from tests.unit.shared.analytics.tables import MemoryTable
from tests.unit.shared.analytics.workers import count, count_all, identifier, items_of, worker

MESSAGES = 2 * PAGE_SIZE + 30
_PARTS = [part((0, f"/{number % 3}"), visitor="") for number in range(MESSAGES)]
_RECEIPTS = st.builds(
    Receipt, st.sampled_from([COUNTED, BOT]), st.integers(0, 1 << 40), st.integers(1, 100), st.integers(0, 100)
)


def pages_in(table: MemoryTable) -> dict[str, Page]:
    return {
        sort: read_page(item["entries"]["S"])
        for (partition, sort), item in sorted(table.items.items())
        if partition.startswith("RECEIPTS#")
    }


@given(page=st.dictionaries(st.text("0123456789abcdef", min_size=23, max_size=23), _RECEIPTS))
@reproducible
def test_a_page_is_read_as_written(page: Page) -> None:
    assert read_page(write_page(page)) == page


def test_a_page_that_is_not_there_is_empty() -> None:
    assert read_page(None) == {}


def test_a_page_is_full_from_five_hundred_receipts_on() -> None:
    receipt = Receipt(COUNTED, 0, 1, 1)

    assert not is_full({str(number): receipt for number in range(PAGE_SIZE - 1)})
    assert is_full({str(number): receipt for number in range(PAGE_SIZE)})


def test_receipts_for_which_a_page_has_no_room_go_onto_further_pages() -> None:
    table = MemoryTable()
    messages = [message(identifier(number), data) for number, data in enumerate(_PARTS)]

    for start in range(0, MESSAGES, 70):
        count(worker(table), messages[start : start + 70])

    pages = pages_in(table)
    assert {name: len(page) for name, page in pages.items()} == {
        "PAGE#0": PAGE_SIZE, "PAGE#1": PAGE_SIZE, "PAGE#2": 30,
    }  # fmt: skip
    assert set().union(*pages.values()) == {keys.receipt_name(known.id) for known in messages}
    assert rollups_in(table) == Reference(_PARTS).rollups


def test_who_makes_up_ids_of_one_time_makes_no_more_than_so_many_pages() -> None:
    table = MemoryTable()
    full = {f"{number:023x}": Receipt(COUNTED, 0, 1, 1) for number in range(PAGE_SIZE)}
    partition, _ = key_of(keys.receipts(identifier(1)))
    for number in range(MOST_PAGES):
        page = {**full, keys.receipt_name(identifier(7)): Receipt(COUNTED, 0, 1, 1)} if number == 3 else full
        write = Write((partition, keys.receipts_page(number)), 0, {"entries": write_page(page)}, None)
        items_of(table).write([write])
    table.calls.clear()

    further = message("10000000-0000-7000-8000-000000000001", part((0, "/"), batch=identifier(1), cut="x", parts=2))
    result = count(
        worker(table), [message(identifier(1), part((0, "/"))), message(identifier(7), part((0, "/"))), further]
    )

    assert result.outcomes == {identifier(1): CROWDED, identifier(7): DUPLICATE, further.id: DUPLICATE}
    assert rollups_in(table) == {}
    assert len(table.calls) < 3 * MOST_PAGES


def test_a_batch_may_fill_pages_by_itself() -> None:
    table = MemoryTable()

    count(worker(table), [message(identifier(number), data) for number, data in enumerate(_PARTS)])

    assert [len(page) for page in pages_in(table).values()] == [PAGE_SIZE, PAGE_SIZE, 30]


def test_a_duplicate_is_recognised_on_whichever_page_its_receipt_is() -> None:
    table = MemoryTable()
    messages = [message(identifier(number), data) for number, data in enumerate(_PARTS)]
    count_all(worker(table), messages)

    outcomes = [count(worker(table), [messages[place]]).outcomes for place in (0, 499, 500, 999, 1000, MESSAGES - 1)]

    assert {outcome for found in outcomes for outcome in found.values()} == {"duplicate"}
    assert rollups_in(table) == Reference(_PARTS).rollups


def test_a_receipt_says_what_became_of_its_message() -> None:
    table = MemoryTable()
    excluded = part(visitor="", user_agent="", excluded=True)
    parts = [part((0, "/"), (1, "/a"), parts=3), part((0, "/"), user_agent=ROBOT), part(), excluded]

    result = count(worker(table), [message(identifier(number), data) for number, data in enumerate(parts)])

    now = 1_795_780_800
    assert list(result.outcomes.values()) == [COUNTED, BOT, TOO_OLD, EXCLUDED]
    assert list(pages_in(table)["PAGE#0"].values()) == [
        (COUNTED, now, 3, 2, ""), (BOT, now, 1, 0, ""), (TOO_OLD, now, 1, 0, ""), (EXCLUDED, now, 1, 0, ""),
    ]  # fmt: skip


def test_why_a_message_was_dropped_before_it_came_here_is_in_its_receipt() -> None:
    table = MemoryTable()

    result = count(worker(table), [message(identifier(1), part((0, "/")))._replace(reason=FOREIGN)])

    assert result.outcomes == {identifier(1): FOREIGN}
    assert list(pages_in(table)["PAGE#0"].values()) == [(FOREIGN, 1_795_780_800, 1, 0, "")]
    assert rollups_in(table) == {}


def test_what_is_dropped_changes_nothing_but_its_receipt() -> None:
    table = MemoryTable()
    parts = [part((0, "/"), user_agent=ROBOT), part(), part((0, "/"), excluded=True)]

    count(worker(table), [message(identifier(number), data) for number, data in enumerate(parts, start=1)])

    planned = {key_of(keys.day_plan(SITE, DATE)), key_of(keys.site(SITE))}
    assert table.items.keys() - planned == {key_of(keys.receipts(identifier(1)))}


def test_a_batch_that_was_excluded_stays_so_when_it_is_sent_again_from_elsewhere() -> None:
    table = MemoryTable()
    first, second = identifier(1), identifier(2)
    count(worker(table), [message(first, part(visitor="", user_agent="", excluded=True))])
    further = message(second, part((1, "/"), parts=2, batch=first, cut="other"))

    result = count(worker(table), [message(first, part((0, "/"), parts=2, cut="other")), further])

    assert result.outcomes == {first: DUPLICATE, second: DUPLICATE}
    assert rollups_in(table) == {}


def test_receipts_of_different_seconds_lie_apart() -> None:
    table = MemoryTable()
    names = ["01990000-0000-7000-8000-000000000001", "01990000-1000-7000-8000-000000000001"]

    result = count(worker(table), [message(name, part((0, "/"))) for name in names])

    assert list(result.outcomes.values()) == [COUNTED, COUNTED]
    assert {partition for partition, _ in table.items if partition.startswith("RECEIPTS#")} == {
        "RECEIPTS#019900000", "RECEIPTS#019900001",
    }  # fmt: skip
