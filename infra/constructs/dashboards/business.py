"""Business: what visitors and editors did."""

from aws_cdk import Duration

from infra.constructs.dashboards.widgets import Row, graph, number
from infra.metrics import Metric, Metrics
from schemas.metrics import CHANNELS


def rows(metrics: Metrics) -> list[Row]:
    """Return the dashboard's widgets."""
    submissions: dict[str, Metric] = {"Submissions": metrics.own("ingest_contact", "Accepted")}
    views: dict[str, Metric] = {
        "Page views": metrics.own("aggregate_analytics", "PageViews"),
        "Page views and events": metrics.own("aggregate_analytics", "Events"),
    }
    publishes: dict[str, Metric] = {name: metrics.own("apply_project", name) for name in ("Published", "Unpublished")}
    mails = {
        f"{channel}: {outcome}": metrics.own("notify_contact", metric, channel=channel)
        for channel in CHANNELS
        for outcome, metric in (("sent", "MailSent"), ("skipped", "MailSkipped"), ("failed", "MailFailed"))
    }
    daily = Duration.days(1)
    return [
        [number("Submissions", submissions), number("Page views", views), number("Publications", publishes)],
        [
            graph("Submissions a day", submissions, period=daily),
            graph("Page views a day", views, period=daily),
            graph("Publications a day", publishes, period=daily),
        ],
        [graph("Mails a day", mails, columns=1, period=daily)],
    ]
