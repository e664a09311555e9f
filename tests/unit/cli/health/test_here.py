import json

from cli.health.here import counted
from cli.health.state import Function
from local.logs import LogEvent


def lines(*texts: tuple[int, str]) -> list[LogEvent]:
    return [LogEvent("f", milliseconds, text) for milliseconds, text in texts]


def report(milliseconds: float) -> str:
    return f"REPORT RequestId: 1\tDuration: {milliseconds} ms\tBilled Duration: 1 ms\tMemory Size: 512 MB"


def test_a_function_that_did_nothing_has_no_duration() -> None:
    assert counted("f", []) == Function("f", 0, 0, None, None, 0)


def test_durations_are_those_of_lambdas_reports() -> None:
    found = counted("f", lines(*((place * 1000, report(place)) for place in range(1, 101))))

    assert found.p95_ms == 95


def test_crashes_and_timeouts_are_errors() -> None:
    found = counted(
        "f",
        lines(
            (1, "Traceback (most recent call last):"),
            (1, "KeyError: 'x'"),
            (2, "[ERROR] KeyError: 'x'\nTraceback (most recent call last):"),
            (3, "2026-11-27T13:00:00Z 1 Task timed out after 20.00 seconds"),
        ),
    )

    assert found.errors == 3


def test_failures_are_added_up_as_either_kind_of_function_writes_them() -> None:
    ours, powertools = {"message": "batch counted", "Failed": 2.0}, {"_aws": {}, "Failed": [1.0, 1.0]}

    found = counted("f", lines((1, json.dumps(ours)), (2, json.dumps(powertools)), (3, '{"Failed": broken')))

    assert (found.failed, found.errors) == (4, 0)


def test_invocations_that_overlap_ran_side_by_side() -> None:
    found = counted("f", lines((1000, report(1000)), (1500, report(1000)), (2500, report(1000)), (2600, report(10))))

    assert found.concurrency == 2
