"""Whether a line of a log is as `schemas.log_lines` declares it, and its metrics as `schemas.metrics` does."""

import json
from typing import Any

from pydantic import ValidationError

from schemas.log_lines import LogLine
from schemas.metrics import CHANNELS, METRICS, PROBLEMS, REASONS, SERVICE

_KINDS = {metric.name: metric for metric in METRICS}
_BOUNDED = {"channel": CHANNELS, "problem": PROBLEMS}


def misfits(text: str) -> list[str]:
    """Return what is wrong with a line."""
    try:
        LogLine.model_validate_json(text)
    except ValidationError as error:
        return [f"{found['loc']}: {found['msg']} in {text}" for found in error.errors(include_url=False)]
    line = json.loads(text)
    return [
        wrong for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()) for wrong in _wrong(directive, line)
    ]


def _wrong(directive: dict[str, Any], line: dict[str, Any]) -> list[str]:
    ((service, *by),) = directive["Dimensions"]
    found = [] if service == SERVICE else [f"the first dimension is {service}"]
    for metric in directive["Metrics"]:
        kind = _KINDS.get(metric["Name"])
        if kind is None or kind.unit != metric["Unit"] or metric["Name"] not in line:
            found.append(f"{metric} is not declared, or not there, in {line}")
        elif not set(by) <= set(kind.by):
            found.append(f"{kind.name} is counted by {by}")
        elif kind.name == "Rejected" and by == ["reason"] and line["reason"] not in REASONS:
            found.append(f"{line['reason']!r} is no declared reason")
    return [
        *found,
        *(f"{line[name]!r} is no {name}" for name in by if line[name] not in _BOUNDED.get(name, [line[name]])),
    ]
