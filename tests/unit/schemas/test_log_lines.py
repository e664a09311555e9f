"""The schema of log lines takes what functions write, and nothing else."""

import json
from typing import Any

import pytest

from schemas.log_lines import MESSAGES
from schemas.metrics import METRICS, PROBLEMS
from shared.observability.lines import Apart, RequestLog
from shared.problems import ProblemError
from tests.log_lines import misfits

LINE = {
    "level": "INFO", "message": "request answered", "timestamp": "2026-11-27T12:00:00.250Z", "service": "query_contact",
}  # fmt: skip


def test_what_a_writer_writes_fits(capsys: pytest.CaptureFixture[str]) -> None:
    RequestLog("apply_project").write(
        "WARNING", "command rejected", metrics={"AcceptedToApplied": ([1.5, 2], "Seconds")},
        apart=Apart("Rejected", "reason"), reason="conflict",
    )  # fmt: skip

    assert misfits(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    "change",
    [
        {"message": "a sentence that nobody declared"},
        {"level": "DEBUG"},
        {"timestamp": "2026-11-27T12:00:00"},
        {"service": "query-contact"},
        {"email": "ada@example.org"},
        {"problem": "made-up"},
        {"Applied": -1},
        {"Applied": []},
        {"status": "200"[:1]},
    ],
)
def test_what_nobody_declared_does_not_fit(change: dict[str, Any]) -> None:
    assert misfits(json.dumps(LINE)) == []
    assert misfits(json.dumps({**LINE, **change})) != []


@pytest.mark.parametrize(
    ("metric", "unit", "dimensions", "fields"),
    [
        ("Madeup", "Count", ["service"], {}),
        ("Duration", "Seconds", ["service"], {"Duration": 1}),
        ("Applied", "Count", ["service", "message_id"], {"Applied": 1, "message_id": "x"}),
        ("Rejected", "Count", ["service", "reason"], {"Rejected": 1, "reason": "because of Ada"}),
        ("MailSent", "Count", ["service", "reason"], {"MailSent": 1, "reason": "bot"}),
        ("Applied", "Count", ["service"], {}),
    ],
)
def test_a_metric_without_bounds_does_not_fit(
    metric: str, unit: str, dimensions: list[str], fields: dict[str, Any]
) -> None:
    directive = {
        "Namespace": "Sitewire", "Dimensions": [dimensions], "Metrics": [{"Name": metric, "Unit": unit}],
    }  # fmt: skip

    assert misfits(json.dumps({**LINE, **fields, "_aws": {"Timestamp": 1, "CloudWatchMetrics": [directive]}})) != []


def test_every_problem_is_a_value_of_the_dimension() -> None:
    def below(kind: type[ProblemError]) -> set[str]:
        return {kind.slug}.union(*map(below, kind.__subclasses__()))

    assert below(ProblemError) == set(PROBLEMS)


def test_names_are_declared_once() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    assert all(sentence and meaning for sentence, meaning in MESSAGES.items())
