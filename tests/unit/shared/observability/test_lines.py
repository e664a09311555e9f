import json
import time
from typing import Any

import pytest

from shared.observability import lines
from shared.observability.lines import Apart, RequestLog


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture(autouse=True)
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_begun", set())


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1769860800.25)


@pytest.mark.usefixtures("noon")
def test_a_line_is_one_json_object_with_the_fields_of_the_workers_logger(capsys: pytest.CaptureFixture[str]) -> None:
    RequestLog("ingest_contact").write("INFO", "request answered", correlation_id="c-1", text="Žofie\n👋")

    assert lines_of(capsys) == [
        {
            "level": "INFO",
            "message": "request answered",
            "timestamp": "2026-01-31T12:00:00.250Z",
            "service": "ingest_contact",
            "function_name": "ingest_contact",
            "cold_start": True,
            "correlation_id": "c-1",
            "text": "Žofie\n👋",
        }
    ]


@pytest.mark.usefixtures("noon")
def test_metrics_are_in_the_embedded_metric_format(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = {"Accepted": (1.0, "Count"), "Duration": (12.5, "Milliseconds")}

    RequestLog("ingest_contact").write("INFO", "request answered", metrics=metrics)

    (line,) = lines_of(capsys)
    assert (line["Accepted"], line["Duration"]) == (1.0, 12.5)
    assert line["_aws"] == {
        "Timestamp": 1769860800250,
        "CloudWatchMetrics": [
            {
                "Namespace": "Sitewire",
                "Dimensions": [["service"]],
                "Metrics": [{"Name": "Accepted", "Unit": "Count"}, {"Name": "Duration", "Unit": "Milliseconds"}],
            }
        ],
    }


def test_a_line_without_metrics_is_no_metric(capsys: pytest.CaptureFixture[str]) -> None:
    RequestLog("ingest_contact").write("INFO", "request answered")

    assert "_aws" not in lines_of(capsys)[0]


def test_what_is_counted_apart_is_a_metric_with_the_field_as_a_dimension(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = {"Rejected": (1.0, "Count"), "Duration": (2.5, "Milliseconds")}

    RequestLog("ingest_contact").write(
        "WARNING", "request answered", metrics=metrics, apart=Apart("Rejected", "problem"), problem="not-found"
    )

    (line,) = lines_of(capsys)
    first, second = line["_aws"]["CloudWatchMetrics"]
    assert (line["Rejected"], line["problem"]) == (1, "not-found")
    assert (first["Dimensions"], second["Dimensions"]) == ([["service"]], [["service", "problem"]])
    assert second["Metrics"] == [{"Name": "Rejected", "Unit": "Count"}]


def test_a_count_may_be_told_apart_alone(capsys: pytest.CaptureFixture[str]) -> None:
    RequestLog("apply_project").write("INFO", "command rejected", apart=Apart("Rejected", "reason", 3), reason="x")

    (line,) = lines_of(capsys)
    assert line["Rejected"] == 3
    assert [found["Dimensions"] for found in line["_aws"]["CloudWatchMetrics"]] == [[["service", "reason"]]]


def test_only_the_first_line_tells_of_a_cold_start(capsys: pytest.CaptureFixture[str]) -> None:
    log = RequestLog("ingest_contact")
    for _ in range(3):
        log.write("INFO", "request answered")

    assert [line["cold_start"] for line in lines_of(capsys)] == [True, False, False]


def test_a_second_writer_of_a_function_tells_of_no_other_cold_start(capsys: pytest.CaptureFixture[str]) -> None:
    for service in ("query_contact", "query_contact", "authorizer"):
        RequestLog(service).write("INFO", "request answered")

    assert [line["cold_start"] for line in lines_of(capsys)] == [True, False, True]


def test_the_functions_name_is_the_one_that_lambda_gave_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "sitewire-local-ingest-contact")

    RequestLog("ingest_contact").write("INFO", "request answered")

    assert lines_of(capsys)[0]["function_name"] == "sitewire-local-ingest-contact"


def test_a_traced_request_names_its_trace(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-68a0c1d2-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1")

    RequestLog("ingest_contact").write("INFO", "request answered")

    assert lines_of(capsys)[0]["xray_trace_id"] == "1-68a0c1d2-0123456789abcdef01234567"
