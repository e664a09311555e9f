"""The widgets that dashboards are made of."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.metrics import Metric

_COLUMNS = 24
_HEIGHT = 6
_PERIOD = Duration.minutes(5)

Row = Sequence[cloudwatch.IWidget]


def graph(
    title: str, metrics: dict[str, Metric], *, columns: int = 3, period: Duration = _PERIOD
) -> cloudwatch.IWidget:
    """Return a graph, of which `columns` stand in a row; each line has its label."""
    return cloudwatch.GraphWidget(
        title=title, left=[metric.with_(label=label) for label, metric in metrics.items()], period=period,
        width=_COLUMNS // columns, height=_HEIGHT, left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
    )  # fmt: skip


def number(title: str, metrics: dict[str, Metric], *, columns: int = 3) -> cloudwatch.IWidget:
    """Return sums over all of the time that is looked at, as numbers."""
    return cloudwatch.SingleValueWidget(
        title=title, metrics=[metric.with_(label=label) for label, metric in metrics.items()],
        set_period_to_time_range=True, width=_COLUMNS // columns, height=_HEIGHT,
    )  # fmt: skip
