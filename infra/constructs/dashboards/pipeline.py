"""Pipeline: what was accepted on its way to being applied."""

from infra import catalogue
from infra.constructs.dashboards.widgets import Row, graph
from infra.metrics import PIXEL, Metrics
from infra.names import Names

_OUTCOMES = ("Applied", "Duplicate", "Rejected", "Failed")


def rows(metrics: Metrics, names: Names) -> list[Row]:
    """Return the dashboard's widgets."""
    workers = [worker.name for worker in catalogue.workers()]
    dead = {of: metrics.waiting(names.dead_letter_queue(of)) for of in workers}
    dead["undelivered"] = metrics.waiting(names.undelivered_queue)
    return [
        [
            graph("Depth: messages waiting", {of: metrics.waiting(names.queue(of)) for of in workers}),
            graph("In flight", {of: metrics.in_flight(names.queue(of)) for of in workers}),
            graph("Age of the oldest, s", {of: metrics.oldest(names.queue(of)) for of in workers}),
        ],
        [
            graph("Dead letters", dead),
            graph(
                "Accepted",
                {
                    "contact": metrics.own("ingest_contact", "Accepted"),
                    "projects": metrics.own("ingest_projects", "Accepted"),
                    "projects, by the clock": metrics.own("release_projects", "Released"),
                    "analytics": metrics.own("ingest_analytics", "Parts"),
                    "analytics, by pixel": metrics.answered(PIXEL),
                },
            ),
            graph("Applied", {of: metrics.own(of, "Applied") for of in workers}),
        ],
        [
            graph(
                "From accepted to applied, s, p99", {of: metrics.own(of, "AcceptedToApplied", "p99") for of in workers}
            ),
            graph("Messages of a batch", {of: metrics.own(of, "BatchSize", "Average") for of in workers}),
            graph("Found in the ledger", {of: metrics.own(of, "LedgerHits") for of in workers}),
        ],
        [
            graph(of, {outcome: metrics.own(of, outcome) for outcome in _OUTCOMES}, columns=len(workers))
            for of in workers
        ],
    ]
