"""Cost: what is paid for, and what AWS estimates of it."""

from aws_cdk import Duration

from infra import catalogue
from infra.constructs.dashboards.widgets import Row, graph, number
from infra.metrics import Metrics


def rows(metrics: Metrics) -> list[Row]:
    """Return the dashboard's widgets."""
    daily = Duration.days(1)
    functions = catalogue.FUNCTIONS
    invocations = {function.name: metrics.function(function.name, "Invocations") for function in functions}
    used = {function.name: metrics.used(function.name, function.memory) for function in functions}
    units = {verb: metrics.consumed(verb) for verb in ("Read", "Write")}
    return [
        [
            # By itself and without its own period: AWS sends it four times a day, and it never falls in a month.
            graph("Estimated charges, USD", {"Account": metrics.charges()}, period=Duration.hours(6)),
            number("Requests", {"Requests": metrics.requests()}),
            number("Units of the table", units),
        ],
        [
            graph("Invocations a day", invocations, period=daily),
            graph("GB-seconds a day", used, period=daily),
            graph("Units of the table a day", units, period=daily),
        ],
    ]
