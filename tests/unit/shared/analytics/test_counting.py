import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.analytics_messages import PackedEvent
from shared.analytics.agents import Agent
from shared.analytics.counting import Counts
from shared.analytics.dimensions import METRICS, Document
from shared.analytics.documents import Rollup, grouped
from shared.analytics.times import HOUR_MS
from shared.analytics.visits import Visitor
from tests.unit.properties import reproducible
from tests.unit.shared.analytics.parts import CHROME, part
from tests.unit.shared.analytics.reference import DAY, Reference, Rollups

_MINUTE = 60_000
_VISITORS = METRICS["total"].index("visitors")
_AGENT = Agent("Chrome", "Windows", "desktop", is_robot=False)
_PROFILE = ("DE", "laptop", "en")
_LETTER = ("", "letter", "email", "", "", "")

_EVENTS = st.lists(
    st.tuples(
        st.integers(0, 60).map(lambda step: step * 10 * _MINUTE),
        st.sampled_from(["/", "/a", "/b"]),
        st.sampled_from(["", "scroll", "web-vitals", "signup"]),
        st.sampled_from([None, _LETTER]),
        st.sampled_from(["", "T"]),
        st.none() | st.just({"plan": "pro"}),
    ),
    min_size=1,
    max_size=6,
)


def view(time: int, page: str = "/", *, title: str = "") -> PackedEvent:
    return (time, page, "", None, title, None)


def event(time: int, name: str, **properties: str) -> PackedEvent:
    return (time, "/", name, None, "", properties)


def documents(counts: Counts) -> dict[int | None, Document]:
    """Return the rollups to which changes add up, of hours and, under None, of the day."""
    found: dict[int | None, Document] = {}
    for hour, changes in counts.documents():
        rollup = Rollup(0, None)
        for of_group in grouped(changes).values():
            rollup.add(of_group, of_day=hour is None)
        found[hour] = {dimension: values for dimension, values in rollup.document.items() if values}
    return found


def rollups(counts: Counts) -> Rollups:
    return {
        (DAY if hour is None else hour, dimension, value): [*vector]
        for hour, document in documents(counts).items()
        for dimension, values in document.items()
        for value, vector in values.items()
    }


def count(*messages: list[PackedEvent]) -> Counts:
    """Return what messages of one visitor change, together."""
    counts, known = Counts(), None
    for events in messages:
        known = counts.add_visitor(known, events, _AGENT, _PROFILE)
    return counts


def change(before: list[list[PackedEvent]], *messages: list[PackedEvent]) -> Rollups:
    """Return what messages change of one visitor of whom others were counted before, read from the table."""
    known = None
    for events in before:
        known = Counts().add_visitor(known, events, _AGENT, _PROFILE)
    counts = Counts()
    for events in messages:
        known = counts.add_visitor(Visitor.from_json(known.to_json()) if known else None, events, _AGENT, _PROFILE)
    return rollups(counts)


@settings(reproducible, max_examples=200)
@given(messages=st.lists(_EVENTS, min_size=1, max_size=4))
def test_messages_that_are_counted_together_are_counted_as_by_hand(messages: list[list[PackedEvent]]) -> None:
    counts = count(*messages)

    # The vectors of the reference are of one browser, as that of its parts.
    assert rollups(counts) == Reference(part(*events, user_agent=CHROME) for events in messages).rollups


@settings(reproducible, max_examples=200)
@given(messages=st.lists(_EVENTS, min_size=1, max_size=4))
def test_messages_that_are_counted_one_by_one_add_up_to_the_same(messages: list[list[PackedEvent]]) -> None:
    total: Rollups = {}
    for place, events in enumerate(messages):
        for key, vector in change(messages[:place], events).items():
            total[key] = list(map(int.__add__, total.get(key, [0] * len(vector)), vector))

    assert {key: vector for key, vector in total.items() if any(vector)} == rollups(count(*messages))


def test_events_of_nobody_have_no_visits_and_no_visitors() -> None:
    counts = Counts()

    counts.add_events([view(0, title="T"), event(1, "signup", plan="pro")])

    assert documents(counts)[None] == {
        "total": {"": [1, 0, 0, 0, 1, 0, 1]},
        "page": {"/": [1, 0]},
        "title": {"T": [1]},
        "event": {"signup": [1, 0]},
        "property": {"signup\tplan\tpro": [1]},
    }


def test_nothing_changes_nothing() -> None:
    assert documents(Counts()) == {}


def test_a_page_view_counts_in_its_hour_and_in_the_day() -> None:
    counts = Counts()

    counts.add_events([view(HOUR_MS - 1), view(HOUR_MS), view(HOUR_MS)])

    assert {hour: document["page"] for hour, document in documents(counts).items()} == {
        0: {"/": [1, 0]},
        1: {"/": [2, 0]},
        None: {"/": [3, 0]},
    }


def test_numbers_of_a_visit_count_in_the_hour_in_which_it_began() -> None:
    counts = count([view(HOUR_MS - 5_000, "/a"), view(HOUR_MS + 5_000, "/b")])

    hours = documents(counts)
    assert hours[0]["total"][""] == [1, 1, 0, 10, 0, 1, 0]
    assert hours[1]["total"][""] == [1, 0, 0, 0, 0, 1, 0]
    assert hours[0]["entry_page"] == {"/a": [2, 1, 0, 10, 0, 1]}
    assert hours[0]["exit_page"] == {"/b": [2, 1, 0, 10, 0, 1]}
    assert "entry_page" not in hours[1]


def test_a_visitor_of_several_hours_is_one_of_the_day() -> None:
    counts = count([view(0), view(2 * HOUR_MS), view(4 * HOUR_MS)])

    *hours, day = documents(counts).values()
    assert [document["total"][""][_VISITORS] for document in hours] == [1, 1, 1]
    assert (day["total"][""][_VISITORS], day["page"]["/"]) == (1, [3, 1])
    assert day["country"]["DE"][-1] == 1


def test_what_a_page_tells_by_itself_long_afterwards_is_no_visit() -> None:
    found = change([[view(0)]], [event(50 * _MINUTE, "scroll"), event(50 * _MINUTE, "web-vitals")])

    assert found[DAY, "total", ""] == [0, 0, 0, 0, 2, 0, 0]
    assert (DAY, "entry_page", "/") not in found


def test_nor_is_it_a_visitor() -> None:
    counts = count([event(600_000, "scroll"), event(600_000, "web-vitals")])

    assert documents(counts)[None]["total"][""] == [0, 0, 0, 0, 2, 0, 0]


def test_a_page_view_in_between_makes_it_part_of_the_visit() -> None:
    found = change([[view(0)], [event(50 * _MINUTE, "scroll")]], [view(25 * _MINUTE, "/a")])

    assert found[DAY, "total", ""] == [1, 0, -1, 3_000, 0, 0, 0]


def test_a_page_view_that_follows_ends_a_bounce() -> None:
    found = change([[view(0)]], [view(9_999, "/a")])

    assert found[DAY, "total", ""] == [1, 0, -1, 9, 0, 0, 0]
    assert found[DAY, "country", "DE"] == [1, 0, -1, 9, 0, 0]
    assert found[DAY, "exit_page", "/"] == [-1, -1, -1, 0, 0, -1]
    assert found[DAY, "exit_page", "/a"] == [2, 1, 0, 9, 0, 1]


def test_a_page_view_in_between_leaves_the_exit_where_it_was() -> None:
    found = change([[view(0), view(9_000, "/a")]], [view(5_000, "/b")])

    assert found[DAY, "exit_page", "/a"] == [1, 0, 0, 0, 0, 0]
    assert (DAY, "exit_page", "/b") not in found


def test_an_earlier_event_moves_the_visit_to_its_hour() -> None:
    found = change([[view(HOUR_MS, "/b")]], [view(HOUR_MS - 1, "/a")])

    assert found[0, "total", ""] == [1, 1, 0, 0, 0, 1, 0]
    assert found[1, "total", ""] == [0, -1, -1, 0, 0, 0, 0]
    assert found[1, "entry_page", "/b"] == [-1, -1, -1, 0, 0, -1]
    assert found[DAY, "entry_page", "/b"] == [-1, -1, -1, 0, 0, -1]
    assert found[DAY, "entry_page", "/a"] == [2, 1, 0, 0, 0, 1]


def test_an_earlier_event_on_the_same_page_moves_the_visit_to_its_hour() -> None:
    found = change([[view(HOUR_MS)]], [view(HOUR_MS - 1)])

    assert found[0, "entry_page", "/"] == [2, 1, 0, 0, 0, 1]
    assert found[1, "entry_page", "/"] == [-1, -1, -1, 0, 0, -1]
    assert found[DAY, "entry_page", "/"] == [1, 0, -1, 0, 0, 0]


def test_an_earlier_event_of_another_origin_gives_the_visit_its_origin() -> None:
    found = change([[view(5_000)]], [(0, "/", "", _LETTER, "", None)])

    assert found[DAY, "source", "(direct)"] == [-1, -1, -1, 0, 0, -1]
    assert found[DAY, "source", "letter"] == [2, 1, 0, 5, 0, 1]


def test_an_event_that_joins_two_visits_takes_one_away() -> None:
    found = change([[view(0), view(50 * _MINUTE)]], [view(25 * _MINUTE)])

    assert found[DAY, "total", ""] == [1, -1, -2, 3_000, 0, 0, 0]


def test_a_second_visit_of_the_same_origin_is_of_the_same_visitor() -> None:
    found = change([[view(0)]], [view(HOUR_MS)])

    assert found[DAY, "country", "DE"] == [1, 1, 1, 0, 0, 0]
    assert found[1, "country", "DE"] == [1, 1, 1, 0, 0, 1]


def test_events_count_where_they_occurred_and_with_their_properties() -> None:
    found = rollups(count([event(0, "signup", plan="pro", size="l"), event(HOUR_MS, "signup")]))

    assert found[0, "event", "signup"] == [1, 1]
    assert found[DAY, "event", "signup"] == [2, 1]
    assert found[0, "property", "signup\tplan\tpro"] == [1]
    assert found[0, "property", "signup\tsize\tl"] == [1]
    assert (1, "property", "signup\tplan\tpro") not in found


@pytest.mark.parametrize("kind", ["page", "event"])
def test_of_a_visitor_who_sees_very_much_only_the_first_hundred_are_remembered(kind: str) -> None:
    events = [view(number, f"/{number}") if kind == "page" else event(number, f"/{number}") for number in range(101)]

    known = Counts().add_visitor(None, events, _AGENT, _PROFILE)
    day = documents(count(events))[None][kind]

    assert len(known.pages if kind == "page" else known.names) == 100
    assert [vector[-1] for vector in day.values()] == [1] * 100 + [0]


def test_of_a_visitor_who_saw_very_much_what_is_known_still_counts_in_other_hours() -> None:
    events = [view(number, f"/{number}") for number in range(100)]

    found = change([events], [view(HOUR_MS, "/0"), view(HOUR_MS, "/x")])

    assert found[1, "page", "/0"] == [1, 1]
    assert found[1, "page", "/x"] == [1, 0]


def test_what_was_known_stays_as_it_was() -> None:
    known = Counts().add_visitor(None, [view(0)], _AGENT, _PROFILE)
    text = known.to_json()

    Counts().add_visitor(known, [view(1, "/a"), event(2, "signup")], _AGENT, _PROFILE)

    assert known.to_json() == text


def test_vectors_are_as_long_as_their_metrics() -> None:
    counts = count([view(0, title="T"), event(1, "signup", plan="pro")], [view(HOUR_MS)])

    found = itertools.chain.from_iterable(document.items() for document in documents(counts).values())
    assert all(len(vector) == len(METRICS[dimension]) for dimension, values in found for vector in values.values())
