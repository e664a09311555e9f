"""Dashboards show everything that exists, and saved queries read what is written."""

import json
import re
from typing import Any

import pytest

from infra.catalogue import FUNCTIONS, workers
from infra.constructs.api import _ACCESS_LOG
from infra.queries import ACCESS, QUERIES, SavedQuery
from schemas.log_lines import LogLine
from schemas.metrics import METRICS
from tests.infra.template import Template
from tests.infra.test_alarms import watched

_WORDS = {
    "fields", "filter", "sort", "asc", "desc", "stats", "count", "latest", "sum", "by",
    "as", "and", "or", "in", "limit", "ispresent", "coalesce", "timestamp",
}  # fmt: skip


def metrics_of(template: Template, subject: str) -> list[tuple[str, str, dict[str, str]]]:
    """Return namespace, name and dimensions of each metric of a dashboard."""
    (dashboard,) = [
        found
        for found in template.resources("AWS::CloudWatch::Dashboard")
        if found["DashboardName"] == template.names.dashboard(subject)
    ]
    body = json.loads(template.render(dashboard["DashboardBody"]))
    lines = [line for widget in body["widgets"] for line in widget["properties"]["metrics"]]
    return [_read(line) for line in lines if isinstance(line[0], str)]


def _read(line: list[Any]) -> tuple[str, str, dict[str, str]]:
    texts = [part for part in line if isinstance(part, str)]
    return texts[0], texts[1], dict(zip(texts[2::2], texts[3::2], strict=True))


def test_there_is_a_dashboard_for_each_question(template: Template) -> None:
    names = {found["DashboardName"] for found in template.resources("AWS::CloudWatch::Dashboard")}

    assert names == {template.names.dashboard(of) for of in ("service", "pipeline", "business", "cost")}


@pytest.mark.parametrize("metric", ["Errors", "Duration", "Throttles", "ConcurrentExecutions"])
def test_the_service_is_shown_with_every_function(template: Template, metric: str) -> None:
    shown = {found["FunctionName"] for _, name, found in metrics_of(template, "service") if name == metric}

    assert shown == {template.names.function(function.name) for function in FUNCTIONS}


def test_the_pipeline_is_shown_with_every_queue(template: Template) -> None:
    found = metrics_of(template, "pipeline")

    waiting = {dims["QueueName"] for _, name, dims in found if name == "ApproximateNumberOfMessagesVisible"}
    assert waiting == {queue.name for queue in template.resources("AWS::SQS::Queue")}
    for outcome in ("Applied", "Failed", "BatchSize", "AcceptedToApplied", "LedgerHits"):
        assert {dims["service"] for _, name, dims in found if name == outcome} == {of.name for of in workers()}


def test_what_is_accepted_is_shown_as_the_alarms_count_it(template: Template) -> None:
    shown = metrics_of(template, "pipeline")
    alarms = [found for found in template.resources("AWS::CloudWatch::Alarm") if found.name.endswith("-unapplied")]

    assert alarms
    for alarm in alarms:
        assert [metric for metric in watched(alarm) if metric not in shown] == []


def test_the_business_is_submissions_page_views_and_publications(template: Template) -> None:
    found = {(name, dims["service"]) for _, name, dims in metrics_of(template, "business")}

    assert found >= {
        ("Accepted", "ingest_contact"), ("PageViews", "aggregate_analytics"), ("Published", "apply_project"),
    }  # fmt: skip


def test_costs_are_what_is_paid_for(template: Template) -> None:
    found = {name for _, name, _ in metrics_of(template, "cost")}

    assert found == {
        "EstimatedCharges", "Count", "Invocations", "Duration", "ConsumedReadCapacityUnits",
        "ConsumedWriteCapacityUnits",
    }  # fmt: skip


@pytest.mark.parametrize("subject", ["service", "pipeline", "business", "cost"])
def test_metrics_of_our_own_are_declared(template: Template, subject: str) -> None:
    declared = {metric.name: {"service", *metric.by} for metric in METRICS}

    for namespace, name, dimensions in metrics_of(template, subject):
        if namespace == "Sitewire":
            assert dimensions.keys() <= declared[name]


def test_every_query_reads_logs_that_exist(template: Template) -> None:
    groups = {group.name for group in template.resources("AWS::Logs::LogGroup")}
    saved = template.resources("AWS::Logs::QueryDefinition")

    assert {query["Name"] for query in saved} == {template.names.query(query.name) for query in QUERIES}
    for query in saved:
        assert set(query["LogGroupNames"]) <= groups


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_asks_for_fields_that_are_written(query: SavedQuery) -> None:
    written = set(_ACCESS_LOG) if query.logs == (ACCESS,) else set(LogLine.model_fields)
    text = re.sub(r'"[^"]*"', "", query.text)
    named = set(re.findall(r" as (\w+)", text))

    asked = set(re.findall(r"[A-Za-z_]+", text.replace("@timestamp", ""))) - _WORDS - named

    assert asked <= written
