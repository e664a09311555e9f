"""One JSON line per request, which is the log entry and carries the metrics too.

The fields are those of Powertools' Logger, which the workers use, and `_aws` is CloudWatch's embedded metric format,
so that both kinds of function are read, and charted, alike. Nothing that a visitor wrote is ever passed in here.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from shared.clock import timestamp

NAMESPACE = "Sitewire"
"""CloudWatch namespace of every metric."""

# Services that have written here. A function's parts have writers of their own, and it starts cold only once.
_begun: set[str] = set()


class RequestLog:
    """Writer of one function's lines.

    Parameters
    ----------
    service
        The function's short name, which is the metrics' only dimension.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", service)

    def write(
        self,
        level: str,
        message: str,
        *,
        metrics: Mapping[str, tuple[float, str]] | None = None,
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
            Value and CloudWatch unit by metric name.
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
        if metrics:
            line["_aws"] = _directive(metrics, int(now * 1000))
            line.update((name, value) for name, (value, _) in metrics.items())
        _begun.add(self._service)
        sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
        sys.stdout.flush()


def _directive(metrics: Mapping[str, tuple[float, str]], milliseconds: int) -> dict[str, Any]:
    names = [{"Name": name, "Unit": unit} for name, (_, unit) in metrics.items()]
    return {
        "Timestamp": milliseconds,
        "CloudWatchMetrics": [{"Namespace": NAMESPACE, "Dimensions": [["service"]], "Metrics": names}],
    }
