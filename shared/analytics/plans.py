"""How a day of a site is divided, decided once for the day by what the day before was like.

Visitors lie in buckets, a few in each: fewer, larger items cost as much as they hold, and more of them do not fit into
one transaction. Rollups are one shard, until a site has so many visitors that one item would be written too often.
"""

import math
from datetime import date, timedelta
from typing import NamedTuple

from shared.analytics.dimensions import OF_VISITS, TOTAL, VISITORS
from shared.analytics.documents import read_document
from shared.table import keys
from shared.table.revisions import NOTHING, ChangedError, RevisedItems, Write, key_of

VISITORS_PER_BUCKET = 3
FEWEST_BITS, MOST_BITS = 12, 14
"""Buckets, as powers of two. The fewest are for a day that nobody saw coming: a site's first one, or one after silence.
With 20,000 visitors they hold five each, which is a kilobyte or two.
"""
VISITORS_PER_SHARD = 200_000
MOST_SHARDS = 8


class Plan(NamedTuple):
    """Buckets of visitors, as a power of two, and shards of rollups."""

    bits: int
    shards: int


def plan_for(visitors: int) -> Plan:
    """Return how a day is divided that is expected to have so many visitors."""
    bits = math.ceil(math.log2(max(visitors / VISITORS_PER_BUCKET, 1)))
    shards = min(1 + visitors // VISITORS_PER_SHARD, MOST_SHARDS)
    return Plan(min(max(bits, FEWEST_BITS), MOST_BITS), shards)


class Plans:
    """The plans in the table, remembered.

    Parameters
    ----------
    items
        The table's items.
    """

    def __init__(self, items: RevisedItems) -> None:
        self._items = items
        self._known: dict[tuple[str, str], Plan] = {}

    def of(self, site: str, day: str, *, now: float) -> Plan:
        """Return the plan of a day, which is made where there is none.

        Raises
        ------
        shared.table.revisions.ChangedError, shared.aws.errors.AwsError
            When the table can't be read or written.
        """
        plan = self._known.get((site, day))
        if plan is None:
            plan = self._known[site, day] = self._read_or_make(site, day, now)
        return plan

    def _read_or_make(self, site: str, day: str, now: float) -> Plan:
        plan_key, site_key = key_of(keys.day_plan(site, day)), key_of(keys.site(site))
        found = self._items.read([plan_key, site_key])
        if plan_key in found:
            return Plan(**{name: int(text) for name, text in found[plan_key].values.items()})
        known = found.get(site_key, NOTHING)
        shards = int(known.values.get("shards", "1"))
        plan = plan_for(self._visitors_before(site, day, shards))
        texts = {name: str(value) for name, value in plan._asdict().items()}
        writes = [Write(plan_key, 0, texts, int(now) + keys.PLAN_RETENTION_SECONDS)]
        if not known.revision or plan.shards > shards:
            # Reports read as many shards as a day of the site ever had.
            writes.append(Write(site_key, known.revision, {"shards": str(max(plan.shards, shards))}, None))
        try:
            self._items.write(writes)
        except ChangedError:
            found = self._items.read([plan_key])
            if plan_key not in found:
                raise
            return Plan(**{name: int(text) for name, text in found[plan_key].values.items()})
        return plan

    def _visitors_before(self, site: str, day: str, shards: int) -> int:
        before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        wanted = [key_of(keys.day_rollup(site, "totals", before, shard)) for shard in range(shards)]
        documents = [read_document(stored.values["doc"]) for stored in self._items.read(wanted).values()]
        return sum(document[TOTAL][""][OF_VISITS.index(VISITORS)] for document in documents)
