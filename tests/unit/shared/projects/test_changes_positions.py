import itertools
from typing import Any

import pytest

from shared.projects.outcomes import SupersededError
from tests.unit.events import projects as commands
from tests.unit.shared.projects.desk import Desk

EARLY, LATE = 10, 20


def placed(desk: Desk, detail: dict[str, Any]) -> None:
    """Deliver an order; one that was overtaken changes nothing."""
    try:
        desk.place(detail)
    except SupersededError:
        return


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2])), ids=str)
def test_the_position_that_was_asked_for_last_is_the_projects(order: tuple[int, ...]) -> None:
    orders = [commands.reorder(number, {1: number}, minute=minute) for number, minute in ((2, 5), (3, 30), (4, 6))]
    desk = Desk(summary="A")

    for place in order:
        placed(desk, orders[place])

    assert desk.project.document["position"] == 3


def test_of_two_orders_of_one_moment_the_larger_id_is_the_later() -> None:
    orders = [commands.reorder(number, {1: number}, minute=5) for number in (3, 2)]
    desk = Desk(summary="A")

    for detail in orders:
        placed(desk, detail)

    assert desk.project.document["position"] == 3


def test_a_new_position_counts_a_revision_and_no_version() -> None:
    desk = Desk(summary="A")
    before = desk.project

    after = desk.place(commands.reorder(2, {1: 9}))

    assert (after.version, after.revision) == (before.version, before.revision + 1)
    assert {**before.document, "position": 9} == after.document


@pytest.mark.parametrize("change", [commands.patch, commands.replace])
def test_a_position_in_a_content_gives_way_to_one_that_was_asked_for_later(change: Any) -> None:
    desk = Desk(summary="A")
    desk.place(commands.reorder(2, {1: 50}, minute=LATE))

    project = desk.apply(change(3, version=1, minute=EARLY, position=7, title="Loom"))

    assert (project.document["position"], project.document["title"]) == (50, "Loom")


@pytest.mark.parametrize("change", [commands.patch, commands.replace])
def test_a_position_in_a_content_overtakes_one_that_was_asked_for_earlier(change: Any) -> None:
    desk = Desk(summary="A")
    desk.place(commands.reorder(2, {1: 50}, minute=EARLY))

    desk.apply(change(3, version=1, minute=LATE, position=7))

    assert desk.project.document["position"] == 7
    with pytest.raises(SupersededError):
        desk.place(commands.reorder(4, {1: 60}, minute=EARLY + 1))


def test_a_content_without_a_position_asks_for_none() -> None:
    desk = Desk(position=5)

    desk.apply(commands.patch(2, version=1, minute=LATE, title="Loom"))
    desk.place(commands.reorder(3, {1: 50}, minute=EARLY))

    assert desk.project.document["position"] == 50


def test_an_order_that_is_repeated_has_nothing_left_to_do() -> None:
    desk = Desk(summary="A")
    desk.place(commands.reorder(2, {1: 9}))

    with pytest.raises(SupersededError):
        desk.place(commands.reorder(2, {1: 9}))
