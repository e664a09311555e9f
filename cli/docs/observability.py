"""docs/metrics.md, docs/logs.md and the JSON Schema of log lines."""

import json

from cli.docs.markdown import code, listed, page, table
from infra.queries import ACCESS, QUERIES
from schemas.log_lines import MESSAGES, LogLine
from schemas.metrics import CHANNELS, METRICS, PROBLEMS, REASONS, MetricKind

_METRICS = """\
Functions write metrics into their log lines, in CloudWatch's embedded metric format, in the namespace `Sitewire`. Each
has the dimension `service`, the function's short name. Those of the last column are counted a second time by that field
too. Its values are few, because AWS charges for each combination that occurs; ids and what visitors wrote are never a
dimension."""

_LOGS = """\
Every line that a function writes is one JSON object of the schema [log-line.schema.json](log-line.schema.json).
Lambda's own lines (`START`, `REPORT`) stand between them. A line holds ids, types, numbers and constant sentences, and
nothing that a visitor wrote. Tests hold the functions' lines to it."""


def metrics_page() -> str:
    """Return the document about metrics."""
    bounds = (("channel", listed(CHANNELS)), ("problem", listed(PROBLEMS)), ("reason", listed(REASONS)))
    return page(
        "Metrics",
        _METRICS,
        table(("Metric", "Unit", "Tells", "Also by"), map(_row, METRICS)),
        "## Values of dimensions",
        "The reasons of `Denied` are the words of `shared/tokens/verifier.py`.",
        table(("Field", "Values"), bounds),
        source="schemas/metrics.py",
    )


def logs_page() -> str:
    """Return the document about log lines."""
    metrics = {metric.name for metric in METRICS}
    fields = (
        (code(field.alias or name), field.description or "")
        for name, field in LogLine.model_fields.items()
        if name not in metrics
    )
    queries = (
        (query.name, query.tells, "the API's access log" if query.logs == (ACCESS,) else f"{len(query.logs)} functions")
        for query in QUERIES
    )
    return page(
        "Logs",
        _LOGS,
        table(("Field", "Holds"), fields),
        "Beside these a line has the values of [its metrics](metrics.md).",
        "## Sentences",
        table(("`message`", "Says"), ((code(sentence), meaning) for sentence, meaning in MESSAGES.items())),
        "## Saved queries",
        "In the console, Logs Insights has these in the folder of the stage's name:",
        table(("Query", "Tells", "Reads"), queries),
        source="schemas/log_lines.py and infra/queries.py",
    )


def log_line_schema() -> str:
    """Return the JSON Schema of a line."""
    return json.dumps(LogLine.model_json_schema(by_alias=True), indent=2) + "\n"


def _row(metric: MetricKind) -> tuple[str, ...]:
    return code(metric.name), metric.unit, metric.tells, ", ".join(map(code, metric.by))
