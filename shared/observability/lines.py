"""One JSON line per request, which is the log entry and carries the metrics too.

The fields are those of Powertools' Logger, which the workers use, and `_aws` is CloudWatch's embedded metric format,
so that both kinds of function are read, and charted, alike. Nothing that a visitor wrote is ever passed in here.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from shared.clock import timestamp

NAMESPACE = "Sitewire"
"""CloudWatch namespace of every metric."""

Values = float | list[float]
"""Of a metric: one value, or up to a hundred."""

# Services that have written here. A function's parts have writers of their own, and it starts cold only once.
_begun: set[str] = set()


class Apart(NamedTuple):
    """A count that is told apart by a field of its line: a metric with a second dimension.

    Each value of that field is one more metric to pay for, so it must be one of few, which `schemas.metrics` names.
    """

    name: str
    by: str
    number: float = 1.0


class RequestLog:
    """Writer of one function's lines.

    Parameters
    ----------
    service
        The function's short name, which is a dimension of every metric.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", service)

    def write(
        self,
        level: str,
        message: str,
        *,
        metrics: Mapping[str, tuple[Values, str]] | None = None,
        apart: Apart | None = None,
        **fields: Any,  # noqa: ANN401
    ) -> None:
        """Write a line.

        Parameters
        ----------
        level
            `INFO`, `WARNING` or `ERROR`.
        message
            A constant sentence; what varies goes into `fields`.
        metrics
            Values and CloudWatch unit by metric name.
        apart
            What is counted by a field too; where `metrics` has the same name, it has the same value.
        fields
            Correlation id, request id, and what else tells one request from another.
        """
        now = time.time()
        line: dict[str, Any] = {
            "level": level,
            "message": message,
            "timestamp": timestamp(now),
            "service": self._service,
            "function_name": self._function_name,
            "cold_start": self._service not in _begun,
            **fields,
        }
        if trace := os.environ.get("_X_AMZN_TRACE_ID"):
            line["xray_trace_id"] = trace.partition(";")[0].removeprefix("Root=")
        if metrics or apart:
            line["_aws"] = _directive(metrics or {}, apart, int(now * 1000))
            line.update((name, value) for name, (value, _) in (metrics or {}).items())
        if apart:
            line[apart.name] = apart.number
        _begun.add(self._service)
        sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
        sys.stdout.flush()


def _directive(metrics: Mapping[str, tuple[Values, str]], apart: Apart | None, milliseconds: int) -> dict[str, Any]:
    sets = []
    if metrics:
        names = [{"Name": name, "Unit": unit} for name, (_, unit) in metrics.items()]
        sets.append({"Namespace": NAMESPACE, "Dimensions": [["service"]], "Metrics": names})
    if apart:
        counted = [{"Name": apart.name, "Unit": "Count"}]
        sets.append({"Namespace": NAMESPACE, "Dimensions": [["service", apart.by]], "Metrics": counted})
    return {"Timestamp": milliseconds, "CloudWatchMetrics": sets}
