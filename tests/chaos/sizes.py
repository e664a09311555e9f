"""How much of everything there is in a run."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from tests.chaos.faults import Fault


class Load(NamedTuple):
    """What one capability has to bear.

    `requests` are accepted, `duplicates` of their messages delivered once more, `poison` put among them, and `faults`
    dealt to the calls of the workers, one of `gap` + 1 on average.
    """

    requests: int
    duplicates: int
    poison: int
    faults: Mapping[Fault, int]
    gap: int = 2


class Size(NamedTuple):
    """A run. Of page views and events there are `EVENTS_PER_REQUEST` in a request."""

    name: str
    analytics: Load
    contact: Load
    projects: Load
    ingest: Mapping[Fault, int]

    @property
    def loads(self) -> Mapping[str, Load]:
        """Return the loads by capability."""
        return {"analytics": self.analytics, "contact": self.contact, "projects": self.projects}


EVENTS_PER_REQUEST = 8

_SEED = 20261127


def _faults(*, kills: int, throttles: int, lost: int, others: int, refusals: int = 0) -> dict[Fault, int]:
    return {
        Fault.KILL_BEFORE: kills // 2,
        Fault.KILL_AFTER: kills - kills // 2,
        Fault.THROTTLE: throttles,
        Fault.LOST: lost,
        Fault.CONFLICT: others,
        Fault.ERROR: others,
        Fault.CUT: others,
        Fault.DELAY: others,
        Fault.REFUSAL: refusals,
    }


_INGEST = {Fault.THROTTLE: 5, Fault.LOST: 5, Fault.ERROR: 5, Fault.CUT: 5, Fault.REFUSAL: 5}

SIZES = {
    size.name: size
    for size in (
        Size(
            "tiny",
            Load(20, 10, 1, _faults(kills=5, throttles=5, lost=5, others=2)),
            Load(10, 6, 1, _faults(kills=3, throttles=3, lost=3, others=1)),
            Load(16, 5, 1, _faults(kills=3, throttles=3, lost=3, others=1, refusals=1)),
            dict.fromkeys(_INGEST, 1),
        ),
        Size(
            "small",
            Load(250, 200, 3, _faults(kills=50, throttles=50, lost=50, others=15)),
            Load(30, 16, 2, _faults(kills=10, throttles=10, lost=10, others=4)),
            Load(48, 20, 2, _faults(kills=10, throttles=10, lost=10, others=4, refusals=4)),
            _INGEST,
        ),
        Size(
            "large",
            Load(1250, 1000, 10, _faults(kills=500, throttles=200, lost=500, others=100)),
            Load(250, 126, 5, _faults(kills=75, throttles=75, lost=75, others=25)),
            Load(400, 200, 5, _faults(kills=75, throttles=75, lost=75, others=25, refusals=25)),
            {fault: 5 * count for fault, count in _INGEST.items()},
        ),
    )
}


def chosen_size() -> Size:
    """Return the size that the environment variable CHAOS_SIZE names; the small one otherwise."""
    return SIZES[os.environ.get("CHAOS_SIZE", "small")]


def chosen_seed() -> int:
    """Return the seed that the environment variable CHAOS_SEED tells; always the same one otherwise."""
    return int(os.environ.get("CHAOS_SEED") or _SEED)
