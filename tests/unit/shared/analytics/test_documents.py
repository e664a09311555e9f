import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.analytics.dimensions import GROUPS, METRICS, MOST_VALUES, OTHER, Document
from shared.analytics.documents import LARGEST_DOCUMENT, Rollup, grouped, read_document
from tests.unit.properties import reproducible, texts

_VECTORS = st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=2).filter(any)
_DOCUMENTS = st.dictionaries(
    st.sampled_from(sorted(METRICS)),
    st.dictionaries(
        texts, st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=2).filter(any), min_size=1, max_size=5
    ),
)


def empty() -> Rollup:
    return Rollup(0, None)


def add(rollup: Rollup, changes: Document) -> None:
    """Add changes with as many visitors in the hour as on the day."""
    doubled = {
        dimension: {value: [*vector, *vector[-1:]] if len(vector) > 1 else vector for value, vector in values.items()}
        for dimension, values in changes.items()
    }
    rollup.add(doubled, of_day=True)


def reread(rollup: Rollup) -> Rollup:
    return Rollup(rollup.revision + 1, rollup.to_bytes())


@given(document=_DOCUMENTS)
@reproducible
def test_a_document_is_read_as_written(document: Document) -> None:
    rollup = empty()

    add(rollup, document)

    assert read_document(rollup.to_bytes()) == document
    assert reread(rollup).document == document


def test_a_rollup_that_is_not_there_yet_has_revision_0_and_nothing_in_it() -> None:
    assert (empty().revision, empty().document) == (0, {})


def test_changes_are_added_to_what_is_known() -> None:
    rollup = empty()

    add(rollup, {"page": {"/ü/日本/🚲": [1, 1], "/a": [1, 0]}})
    add(rollup, {"page": {"/ü/日本/🚲": [2, -1]}, "title": {"T": [1]}})

    assert reread(rollup).document == {"page": {"/ü/日本/🚲": [3, 0], "/a": [1, 0]}, "title": {"T": [1]}}


@pytest.mark.parametrize(("of_day", "visitors"), [(False, 2), (True, 1)], ids=["hour", "day"])
@pytest.mark.parametrize("numbers", [[5], [5, 1, 0, 9, 3]], ids=["page", "visits"])
def test_a_rollup_takes_the_visitors_of_its_time(numbers: list[int], *, of_day: bool, visitors: int) -> None:
    rollup = empty()

    for _ in range(2):
        rollup.add({"page": {"/": [*numbers, 2, 1]}}, of_day=of_day)

    assert rollup.document == {"page": {"/": [2 * number for number in (*numbers, visitors)]}}


@pytest.mark.parametrize(("of_day", "visitors"), [(False, 2), (True, 1)], ids=["hour", "day"])
@pytest.mark.parametrize(("stored", "of_nobody"), [([0] * 7, 4), ([0] * 6, 4), ([0] * 6 + [3], 7)])
def test_the_total_has_page_views_of_nobody_beside_its_visitors(
    stored: list[int], of_nobody: int, *, of_day: bool, visitors: int
) -> None:
    rollup = empty()
    rollup.document["total"] = {"": stored}

    rollup.add({"total": {"": [9, 1, 0, 5, 2, 2, 1, 4]}}, of_day=of_day)

    assert rollup.document["total"] == {"": [9, 1, 0, 5, 2, visitors, of_nobody]}


def test_what_changes_nothing_is_not_noted() -> None:
    rollup = empty()

    rollup.add({"page": {"/moved": [0, 0, 1], "/a": [1, 1, 0]}}, of_day=False)

    assert rollup.document == {"page": {"/a": [1, 1]}}


def test_the_value_after_the_thousandth_is_other() -> None:
    rollup = empty()

    add(rollup, {"page": {f"/{number}": [1, 1] for number in range(MOST_VALUES + 3)}})

    assert len(rollup.document["page"]) == MOST_VALUES + 1
    assert rollup.document["page"][OTHER] == [3, 3]


def test_a_full_document_still_counts_what_it_knows() -> None:
    rollup = empty()
    add(rollup, {"page": {f"/{number}": [1, 1] for number in range(MOST_VALUES)}})

    add(rollup, {"page": {"/0": [1, 0], "/new": [1, 1]}})

    assert rollup.document["page"]["/0"] == [2, 1]
    assert rollup.document["page"][OTHER] == [1, 1]


def test_a_value_that_all_visits_moved_away_from_is_forgotten_and_leaves_room() -> None:
    rollup = empty()

    for number in range(3 * MOST_VALUES):
        add(rollup, {"exit_page": {f"/{number}": [1, 1, 0, 0, 0, 1], f"/{number - 1}": [-1, -1, 0, 0, 0, -1]}})

    assert rollup.document["exit_page"] == {"/2999": [1, 1, 0, 0, 0, 1], "/-1": [-1, -1, 0, 0, 0, -1]}


def test_what_is_counted_as_other_is_taken_from_there_however_often_the_document_was_read() -> None:
    rollup = empty()
    long = f"/{'x' * 298}"
    add(rollup, {"exit_page": {f"{long}{number}": [1, 1, 0, 0, 0, 1] for number in range(900)}})
    others = [*rollup.document["exit_page"][OTHER]]

    add(rollup, {"exit_page": {"/late": [1, 1, 0, 0, 0, 1]}})
    stored = reread(rollup)
    add(stored, {"exit_page": {"/late": [-1, -1, 0, 0, 0, -1]}})

    assert stored.document["exit_page"][OTHER] == others
    assert "/late" not in stored.document["exit_page"]


def test_each_dimension_has_its_own_thousand_values() -> None:
    rollup = empty()

    add(rollup, {name: {f"/{number}": [1] for number in range(MOST_VALUES)} for name in ("entry_page", "exit_page")})

    assert OTHER not in rollup.document["entry_page"]
    assert OTHER not in rollup.document["exit_page"]


def test_of_long_values_a_document_takes_as_many_as_it_has_bytes_for() -> None:
    rollup = empty()

    add(rollup, {"page": {f"/{number:0298d}": [1, 1] for number in range(900)}})

    kept = len(rollup.document["page"]) - 1
    assert kept == LARGEST_DOCUMENT // (299 + 40)
    assert rollup.document["page"][OTHER] == [900 - kept] * 2


def test_the_bytes_of_what_was_stored_before_count() -> None:
    rollup = empty()
    add(rollup, {"page": {f"/{number:0298d}": [1, 1] for number in range(600)}})
    kept = len(rollup.document["page"])
    stored = reread(rollup)

    for number in range(900):
        add(stored, {"page": {f"/more-{number:0293d}": [1, 1]}})

    assert len(stored.document["page"]) == kept
    assert sum(vector[0] for vector in stored.document["page"].values()) == 1500


@pytest.mark.parametrize("character", ["a", "é", "日", "🚲"])
def test_the_largest_document_fits_into_an_item(character: str) -> None:
    rollup = empty()
    names = (f"{''.join(chr(ord(character) + (number >> bit & 1)) for bit in range(10))}" for number in range(1000))
    long = [name * 30 for name in names]

    for start in range(0, 1000, 50):
        add(rollup, {name: dict.fromkeys(long[start : start + 50], [10**6] * 6) for name in GROUPS["acquisition"]})
        rollup = reread(rollup)

    assert len(rollup.to_bytes()) < LARGEST_DOCUMENT


def test_the_total_counts_in_a_full_document_too() -> None:
    rollup = empty()
    add(rollup, {"page": {"x" * LARGEST_DOCUMENT: [1, 1]}})

    add(rollup, {"total": {"": [1, 1, 0, 0, 0, 1]}})

    assert rollup.document["total"] == {"": [1, 1, 0, 0, 0, 1]}


def test_changes_are_grouped_by_rollup_and_none_is_lost() -> None:
    changes: Document = {dimension: {"x": [number]} for number, dimension in enumerate(METRICS)}

    groups = grouped(changes)

    assert {group: tuple(document) for group, document in groups.items()} == GROUPS
    joined = dict(itertools.chain.from_iterable(document.items() for document in groups.values()))
    assert joined == changes
