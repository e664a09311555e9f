from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.analytics.aggregation import Aggregation
from shared.ids import derived_id
from shared.table.revisions import RevisedItems
from tests.unit.properties import reproducible
from tests.unit.shared.analytics.parts import CHROME, IPHONE, message, part, rollups_in
from tests.unit.shared.analytics.reference import Reference
from tests.unit.shared.analytics.tables import TABLE, MemoryTable

EXAMPLES = 400

_VISITORS = {"visitor-a-000000": CHROME, "visitor-b-000000": IPHONE, "visitor-c-000000": CHROME, "": CHROME}
_SOURCES = [
    None,
    ("news.example/x", "", "", "", "", ""),
    ("google.com", "", "", "", "", ""),
    ("", "letter", "email", "may", "", "top"),
]
# Few times, in steps of ten minutes, so that visits touch, overlap and are bridged.
_TIMES = st.integers(0, 23 * 6).map(lambda step: step * 600_000)
_PAGES = st.sampled_from(["/", "/a", "/b"])
_EVENTS = st.one_of(
    st.tuples(_TIMES, _PAGES, st.just(""), st.sampled_from(_SOURCES), st.sampled_from(["", "T"]), st.none()),
    st.tuples(
        _TIMES, _PAGES, st.sampled_from(["scroll", "web-vitals", "signup"]), st.sampled_from(_SOURCES), st.just(""),
        st.none() | st.just({"plan": "pro"}),
    ),
)  # fmt: skip


@st.composite
def _parts(draw: st.DrawFn) -> dict[str, Any]:
    visitor = draw(st.sampled_from(sorted(_VISITORS)))
    return part(
        *draw(st.lists(_EVENTS, min_size=1, max_size=4)),
        visitor=visitor,
        user_agent=_VISITORS[visitor],
        country=draw(st.sampled_from(["DE", ""])),
    )


@st.composite
def _deliveries(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[list[int]], list[str | None]]:
    """Return messages, the batches in which they are delivered (each at least once), and what goes wrong."""
    parts = draw(st.lists(_parts(), min_size=1, max_size=8))
    everyone = st.integers(0, len(parts) - 1)
    repeated = draw(st.lists(everyone, max_size=6))
    order = draw(st.permutations([*range(len(parts)), *repeated]))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=3)))
    batches = [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    faults = draw(st.lists(st.sampled_from([None, None, "conflict", "throttle", "error", "lost"]), max_size=10))
    return parts, batches, faults


def test_whatever_comes_twice_or_out_of_order_or_is_cut_off_the_totals_are_those_of_a_simple_count(
    show_figure: Callable[[str], None],
) -> None:
    counted = {"examples": 0, "deliveries": 0, "duplicates": 0, "faults": 0}

    @settings(reproducible, max_examples=EXAMPLES)
    @given(drawn=_deliveries())
    def deliver(drawn: tuple[list[dict[str, Any]], list[list[int]], list[str | None]]) -> None:
        parts, batches, faults = drawn
        messages = [message(derived_id(b"%d" % number), part) for number, part in enumerate(parts)]
        table = MemoryTable(lambda: faults.pop() if faults else None)
        counted["faults"] += sum(fault is not None for fault in faults)
        pending = list(batches)
        while pending:
            # Each batch meets a worker that has just started, or one that remembers.
            batch = pending.pop(0)
            worker = Aggregation(RevisedItems(table, TABLE, sleep=_at_once), sleep=_at_once)
            unique = {messages[place].id: messages[place] for place in batch}
            result = worker.count(unique.values(), seconds_left=lambda: 1)
            counted["deliveries"] += len(batch)
            counted["duplicates"] += sum(outcome == "duplicate" for outcome in result.outcomes.values())
            if result.failures:
                pending.append([place for place in batch if messages[place].id in result.failures])
        counted["examples"] += 1
        assert rollups_in(table) == Reference(parts).rollups

    deliver()
    show_figure(
        f"analytics model: {counted['examples']} histories, {counted['deliveries']} deliveries, "
        f"{counted['duplicates']} duplicates, {counted['faults']} faults: every total as counted by hand"
    )


def _at_once(_seconds: float) -> None:
    pass
