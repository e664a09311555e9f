"""Service: how the API does: traffic, errors, latency, saturation."""

from infra import catalogue
from infra.constructs.dashboards.widgets import Row, graph
from infra.metrics import Metrics


def rows(metrics: Metrics) -> list[Row]:
    """Return the dashboard's widgets."""
    functions = [function.name for function in catalogue.FUNCTIONS]
    refused = {kind: metrics.failures(f"{kind}Error") for kind in ("4XX", "5XX")}
    return [
        [
            graph("Traffic: requests", {"Requests": metrics.requests()}),
            graph("Errors: answers", refused),
            graph("Latency: ms", {of: metrics.percentile(of) for of in ("p50", "p90", "p99")}),
        ],
        [
            graph("Errors: crashes and timeouts", {of: metrics.function(of, "Errors") for of in functions}),
            graph("Latency: functions' p99, ms", {of: metrics.duration(of) for of in functions}),
            graph("Saturation: refused invocations", {of: metrics.function(of, "Throttles") for of in functions}),
        ],
        [
            graph("Saturation: percent of the account's concurrency", {"In use": metrics.concurrency()}),
            graph("Saturation: concurrent invocations", {of: metrics.concurrent(of) for of in functions}),
            graph("Saturation: throttles of the table", {"Throttled": metrics.table_throttles()}),
        ],
    ]
