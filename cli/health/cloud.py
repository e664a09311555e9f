"""A deployed stage's figures, from CloudWatch: every metric in one call."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from cli.dead_letters.messages import moment
from cli.health.state import Alarm, Function
from infra.catalogue import FUNCTIONS, workers
from infra.names import Names
from shared.observability.lines import NAMESPACE

MOST_METRICS = 500
"""Metrics that one GetMetricData takes."""

_PERIOD = 300
_LAMBDA = {"errors": ("Errors", "Sum"), "throttles": ("Throttles", "Sum"), "p95_ms": ("Duration", "p95"),
           "concurrency": ("ConcurrentExecutions", "Maximum")}  # fmt: skip


class _Asked(NamedTuple):
    """A metric: the queue or function and the figure that it is of, and how CloudWatch knows it."""

    of: str
    figure: str
    namespace: str
    metric: str
    statistic: str
    dimensions: dict[str, str]

    def query(self, id_: str) -> dict[str, Any]:
        dimensions = [{"Name": name, "Value": value} for name, value in self.dimensions.items()]
        metric = {"Namespace": self.namespace, "MetricName": self.metric, "Dimensions": dimensions}
        return {"Id": id_, "MetricStat": {"Metric": metric, "Period": _PERIOD, "Stat": self.statistic}}

    def value(self, values: list[float]) -> int | None:
        """Return one value of those of the periods: counts are added up, of others the worst is told."""
        if self.statistic == "Sum":
            return round(sum(values))
        return math.ceil(max(values)) if values else None


class CloudFigures:
    """CloudWatch, asked with a client of it."""

    unknown: Mapping[str, str] = {}

    def __init__(self, cloudwatch: Any) -> None:  # noqa: ANN401  boto3's clients are made at run time
        self._cloudwatch = cloudwatch

    def look(self, names: Names, since: float, until: float) -> tuple[dict[str, int], list[Function], list[Alarm]]:
        """Return the age of the oldest message by queue, what functions did, and the alarms that sound."""
        asked = {f"m{place}": metric for place, metric in enumerate(metrics(names))}
        pages = self._cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=[metric.query(id_) for id_, metric in asked.items()], StartTime=since, EndTime=until
        )
        values: dict[str, list[float]] = {id_: [] for id_ in asked}
        for page in pages:
            for result in page["MetricDataResults"]:
                values[result["Id"]] += result["Values"]
        found = {(metric.of, metric.figure): metric.value(values[id_]) for id_, metric in asked.items()}
        ages = {of: value for (of, figure), value in found.items() if figure == "oldest" and value is not None}
        return ages, [_function(entry.name, found) for entry in FUNCTIONS], self._alarms(names)

    def _alarms(self, names: Names) -> list[Alarm]:
        pages = self._cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=f"{names.stack}-", StateValue="ALARM", AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        return [
            Alarm(alarm["AlarmName"], moment(alarm["StateUpdatedTimestamp"].timestamp()))
            for page in pages
            for kind in ("CompositeAlarms", "MetricAlarms")
            for alarm in page.get(kind, [])
        ]


def metrics(names: Names) -> list[_Asked]:
    """Return every metric that is asked for."""
    queues = [names.undelivered_queue]
    for worker in workers():
        queues += [names.queue(worker.name), names.dead_letter_queue(worker.name)]
    ages = [
        _Asked(queue, "oldest", "AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", {"QueueName": queue})
        for queue in queues
    ]
    functions = [
        _Asked(entry.name, figure, "AWS/Lambda", metric, statistic, {"FunctionName": names.function(entry.name)})
        for entry in FUNCTIONS
        for figure, (metric, statistic) in _LAMBDA.items()
    ]
    own = [_Asked(entry.name, "failed", NAMESPACE, "Failed", "Sum", {"service": entry.name}) for entry in FUNCTIONS]
    return [*ages, *functions, *own]


def _function(name: str, found: Mapping[tuple[str, str], int | None]) -> Function:
    return Function(name, **{figure: found[name, figure] for figure in ("failed", *_LAMBDA)})
