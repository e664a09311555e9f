"""Two sites with the same pages over the last 30 days, one with a hundred times the events of the other."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from load.table_engine import Engine
from load.visits import EVENTS_A_MESSAGE, Visits
from shared.analytics.agents import agent_of
from shared.analytics.counting import Counts
from shared.analytics.dimensions import Document
from shared.analytics.documents import Rollup, grouped
from shared.analytics.visits import Visitor
from shared.table import keys

DAYS = 30
PAGES = 20
"""So few that the small site's visitors call each of them every day, as those of the large one do."""


class ReportSite(NamedTuple):
    """A site, and the events of all days together."""

    name: str
    events: int


SMALL, LARGE = ReportSite("small.example", 10_000), ReportSite("large.example", 1_000_000)


def put_site(table: Engine, site: ReportSite) -> None:
    """Put the rollups of a site into the table, counted by what the worker counts with."""
    today = datetime.now(UTC).date()
    for back in range(DAYS):
        day = (today - timedelta(days=back)).isoformat()
        for group, changes in grouped(_day(site.events // DAYS, seed=back)).items():
            rollup = Rollup(0, None)
            rollup.add(changes)
            table.put(keys.day_rollup(site.name, group, day, 0), {"doc": rollup.to_bytes()})


def _day(events: int, *, seed: int) -> Document:
    counts, visits = Counts(), Visits(seed=seed, pages=PAGES)
    visitors: dict[str, Visitor] = {}
    for message in visits.messages(events // EVENTS_A_MESSAGE):
        part = message["data"]
        profile = part["country"], part["screen"], part["language"]
        visitors[part["visitor"]] = counts.add_visitor(
            visitors.get(part["visitor"]), part["events"], agent_of(part["user_agent"]), profile
        )
    return dict(counts.documents())[None]
