"""Page views and events: what was counted, and what there was to count."""

import json
from typing import Any

from shared.analytics.receipts import COUNTED
from tests.chaos.run import Run
from tests.chaos.sizes import EVENTS_PER_REQUEST
from tests.chaos.table import Snapshot
from tests.unit.shared.analytics.reference import DAY, Reference, Rollups

_SITE = "example.org"

ByDay = dict[str, Rollups]


def counted(table: Snapshot) -> ByDay:
    """Return what the workers counted."""
    return {day: table.rollups(_SITE, day) for day in sorted(table.days())}


def countable(run: Run) -> ByDay:
    """Return what a walk through the accepted messages comes to, each taken once."""
    ids = {sent.id for sent in run.sent if sent.fate == COUNTED}
    documents = [json.loads(message.body) for message in run.messages["aggregate_analytics"]]
    parts: list[dict[str, Any]] = list({document["id"]: document["data"] for document in documents}.values())
    accepted = [part for part in parts if part["batch"] in ids]
    return {
        day: Reference(part for part in accepted if part["day"] == day).rollups
        for day in sorted({part["day"] for part in accepted})
    }


def events_in(rollups: ByDay) -> int:
    """Return how many page views and events were counted."""
    totals = [found.get((DAY, "total", ""), [0] * 6) for found in rollups.values()]
    return sum(vector[0] + vector[4] for vector in totals)


def events_sent(run: Run) -> int:
    """Return how many page views and events browsers sent that must count."""
    return sum(EVENTS_PER_REQUEST for sent in run.sent if sent.fate == COUNTED)
