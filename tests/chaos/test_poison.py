"""Poison among good messages harms nobody but itself."""

import json
import random
from collections.abc import Callable

import pytest

from shared.ids import derived_id
from tests.chaos.faults import Deck
from tests.chaos.queues import Message, WorkQueue
from tests.chaos.run import poison
from tests.chaos.schedule import Driver
from tests.chaos.sizes import chosen_seed, chosen_size
from tests.chaos.table import Snapshot, clear
from tests.chaos.workers import Nursery, working
from tests.e2e.conftest import FORM, Site
from tests.e2e.workers import delivered
from tests.unit.shared.analytics.parts import document, part

GOOD, POISON = 990, 10


def _form(identifier: str, place: int) -> str:
    data = {"submission": {**FORM, "message": f"{place}"}, "spam": {"is_spam": False, "score": 0, "reasons": []}}
    head = {"id": identifier, "name": "ContactSubmitted", "version": 1, "correlation_id": "chaos-poison"}
    return delivered({**head, "occurred_at": "2026-11-27T12:00:00.000Z", "data": data})


def _visit(identifier: str, place: int) -> str:
    return json.dumps(document(identifier, part((place * 1000, f"/{place % 9}"), visitor=f"visitor-{place % 50:08d}")))


def _is_stored(table: Snapshot, identifier: str) -> bool:
    return table.ledger(identifier, "store_contact") is not None


def _is_counted(table: Snapshot, identifier: str) -> bool:
    return table.receipt(identifier) is not None


# Forms are a transaction each, and take their time.
_WORKERS = {
    "aggregate_analytics": (_visit, _is_counted, 50),
    **({"store_contact": (_form, _is_stored, 10)} if chosen_size().name == "large" else {}),
}


@pytest.mark.parametrize("worker", _WORKERS)
def test_ten_in_a_thousand_die_and_delay_nobody(
    site: Site, nursery: Nursery, worker: str, show_figure: Callable[[str], None]
) -> None:
    body, is_applied, batch_size = _WORKERS[worker]
    clear(site)
    chance = random.Random(chosen_seed())
    ids = {f"good{place}": derived_id(b"poison", b"%d" % place) for place in range(GOOD)}
    queue = WorkQueue(worker, visibility=360, most_receives=5, chance=chance)
    queue.put(Message(label, body(identifier, place), label) for place, (label, identifier) in enumerate(ids.items()))
    queue.put(poison(worker, POISON), anywhere=True)

    with working(site, nursery, {worker: 1}) as workers:
        none = Deck({}, gap=1, chance=chance)
        Driver(
            workers,
            {worker: queue},
            {worker: none},
            outages={},
            batch_sizes={worker: batch_size},
            chance=chance,
            now=1_795_780_000,
        ).run()

    table = Snapshot(site)
    applied = sum(is_applied(table, identifier) for identifier in ids.values())
    delays = max(queue.receives[label] for label in ids) - 1
    show_figure(
        f"poison, {worker}: {POISON} in {POISON + GOOD}: {applied} applied, {len(queue.dead)} dead letters, "
        f"good ones delivered again at most {delays} times"
    )
    assert applied == GOOD
    assert sorted(message.label for message in queue.dead) == sorted(
        message.label for message in poison(worker, POISON)
    )
    assert delays <= 1
