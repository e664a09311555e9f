import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.analytics_messages import PackedEvent
from shared.analytics.dimensions import VISIT_GAP_MS
from shared.analytics.times import HOUR_MS
from shared.analytics.visits import (
    Visit,
    Visitor,
    active_hours,
    columns_of,
    digest_of,
    merged,
    origin_of,
    visits_in,
)
from tests.unit.properties import reproducible, texts

_MINUTE = 60_000
_PROFILE = ("DE", "laptop", "en")
_LETTER = ("", "letter", "email", "", "", "")

# In steps of ten minutes, so that visits touch, overlap and are bridged.
_EVENTS = st.lists(
    st.tuples(
        st.integers(0, 60).map(lambda step: step * 10 * _MINUTE),
        st.sampled_from(["/", "/a", "/b"]),
        st.sampled_from(["", "scroll", "web-vitals", "signup"]),
        st.sampled_from([None, _LETTER, ("x.example", "", "", "", "", "")]),
        st.just(""),
        st.none(),
    ),
    max_size=10,
)


def view(time: int, page: str = "/") -> PackedEvent:
    return (time, page, "", None, "", None)


def event(time: int, name: str, page: str = "/") -> PackedEvent:
    return (time, page, name, None, "", None)


def visits(*events: PackedEvent) -> list[Visit]:
    return visits_in(columns_of(events), *_PROFILE) if events else []


def test_vitals_of_the_first_page_move_nobody_back_there() -> None:
    (visit,) = visits(view(0, "/landing"), view(5_000, "/next"), event(9_000, "web-vitals", "/landing"))

    assert (visit.exit, visit.last) == ("/next", 9_000)
    assert merged([visit], visits(view(7_000, "/late")))[0].exit == "/late"


def test_of_who_is_known_by_vitals_alone_they_tell_the_exit() -> None:
    (visit,) = visits(event(9_000, "web-vitals", "/landing"))

    assert (visit.entry, visit.exit) == ("/landing", "/landing")
    assert merged([visit], visits(view(1_000, "/")))[0].exit == "/"


@given(messages=st.lists(_EVENTS, max_size=4), data=st.data())
@reproducible
def test_the_order_in_which_messages_come_does_not_matter(
    messages: list[list[PackedEvent]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(messages))

    known: list[Visit] = []
    for message in shuffled:
        known = merged(known, visits(*message))

    assert known == visits(*itertools.chain.from_iterable(messages))


@given(first=_EVENTS, second=_EVENTS, third=_EVENTS)
@reproducible
def test_merging_is_associative_and_commutative(
    first: list[PackedEvent], second: list[PackedEvent], third: list[PackedEvent]
) -> None:
    one, two, three = visits(*first), visits(*second), visits(*third)

    assert merged(merged(one, two), three) == merged(one, merged(two, three))
    assert merged(one, two) == merged(two, one)


@given(events=_EVENTS)
@reproducible
def test_visits_are_in_order_and_a_silence_apart(events: list[PackedEvent]) -> None:
    found = visits(*events)

    assert all(after.start - before.last > VISIT_GAP_MS for before, after in itertools.pairwise(found))
    assert sum(visit.pageviews + visit.events for visit in found) == len(events)


def test_after_half_an_hour_exactly_a_visit_goes_on() -> None:
    assert len(visits(view(0), view(30 * _MINUTE))) == 1
    assert len(merged(visits(view(0)), visits(view(30 * _MINUTE)))) == 1


def test_after_a_millisecond_more_another_visit_begins() -> None:
    assert len(visits(view(0), view(30 * _MINUTE + 1))) == 2
    assert len(merged(visits(view(0)), visits(view(30 * _MINUTE + 1)))) == 2


def test_an_event_between_two_visits_makes_them_one() -> None:
    apart = visits(view(0, "/a"), view(50 * _MINUTE, "/b"))

    found = merged(apart, visits(view(25 * _MINUTE)))

    assert [(visit.start, visit.entry, visit.last, visit.exit, visit.pageviews) for visit in found] == [
        (0, "/a", 50 * _MINUTE, "/b", 3)
    ]


def test_a_visit_between_the_bounds_of_another_leaves_them_alone() -> None:
    around = visits(view(0, "/a"), view(20 * _MINUTE, "/b"))

    (found,) = merged(around, visits(view(10 * _MINUTE, "/z")))

    assert (found.start, found.entry, found.last, found.exit) == (0, "/a", 20 * _MINUTE, "/b")


def test_of_pages_at_the_same_time_the_first_by_name_is_the_entry_and_the_last_the_exit() -> None:
    (found,) = visits(view(5, "/b"), view(5, "/c"), view(5, "/a"))

    assert (found.entry, found.exit) == ("/a", "/c")


def test_of_origins_at_the_same_time_on_the_same_page_the_first_by_name_counts() -> None:
    named = (5, "/a", "", _LETTER, "", None)

    (found,) = visits(view(5, "/a"), named)

    assert found.origin == min(origin_of(None, *_PROFILE), origin_of(_LETTER, *_PROFILE))


def test_the_origin_is_that_of_the_first_event() -> None:
    (found,) = visits((9, "/", "", _LETTER, "", None), view(5))

    assert found.origin == origin_of(None, *_PROFILE)


def test_page_views_events_and_what_somebody_did_are_counted_apart() -> None:
    (found,) = visits(view(0), view(1), event(2, "scroll"), event(3, "web-vitals"), event(4, "signup"))

    assert (found.pageviews, found.events, found.engaged) == (2, 3, 1)


@pytest.mark.parametrize(
    ("events", "is_bounce"),
    [
        ([view(0)], True),
        ([view(0), event(1, "scroll"), event(2, "web-vitals")], True),
        ([view(0), event(1, "signup")], False),
        ([view(0), view(1)], False),
        ([event(0, "signup")], False),
        ([event(0, "scroll")], False),
    ],
)
def test_a_bounce_is_one_page_view_and_nothing_that_a_visitor_did(events: list[PackedEvent], is_bounce: bool) -> None:
    (found,) = visits(*events)

    assert found.is_bounce is is_bounce


def test_merged_visits_add_up() -> None:
    (found,) = merged(visits(view(0), event(1, "signup")), visits(view(2), event(3, "scroll")))

    assert (found.pageviews, found.events, found.engaged) == (2, 2, 1)


@pytest.mark.parametrize(
    ("bounds", "hours"),
    [
        ([], 0),
        ([(0, 0)], 0b1),
        ([(HOUR_MS - 1, HOUR_MS)], 0b11),
        ([(0, 3 * HOUR_MS)], 0b1111),
        ([(0, 1), (25 * HOUR_MS, 25 * HOUR_MS + 1)], 1 << 25 | 1),
    ],
)
def test_every_hour_from_the_first_event_to_the_last_is_active(bounds: list[tuple[int, int]], hours: int) -> None:
    found = [Visit(start, "/", "", last, "/", 1, 0, 0) for start, last in bounds]

    assert active_hours(found) == hours


@given(events=_EVENTS)
@reproducible
def test_the_active_hours_are_those_of_the_events(events: list[PackedEvent]) -> None:
    hours = {time // HOUR_MS for time, *_ in events}

    assert active_hours(visits(*events)) == sum(1 << hour for hour in hours)


@given(events=_EVENTS, pages=st.dictionaries(texts, st.integers(0, 1 << 26)), names=st.dictionaries(texts, st.just(1)))
@reproducible
def test_a_visitor_is_read_as_written(events: list[PackedEvent], pages: dict[str, int], names: dict[str, int]) -> None:
    before = Visitor(visits(*events), pages, names)

    after = Visitor.from_json(before.to_json())

    assert (after.visits, after.pages, after.names) == (before.visits, pages, names)


@given(parts=st.lists(st.text("a\t b", max_size=4), min_size=9, max_size=9))
@reproducible
def test_an_origin_always_has_nine_parts(parts: list[str]) -> None:
    *source, country, screen, language = parts

    origin = origin_of(tuple(source), country, screen, language)

    assert origin.split("\t") == [part.replace("\t", " ") for part in parts]


def test_without_a_source_the_origin_has_empty_parts() -> None:
    assert origin_of(None, "DE", "phone", "en") == "\t\t\t\t\t\tDE\tphone\ten"


def test_the_digests_of_ten_thousand_pages_are_different() -> None:
    assert len({digest_of(f"/page/{number}") for number in range(10_000)}) == 10_000
