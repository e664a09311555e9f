"""Imports into a stage on the loopback address."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cli.projects import import_
from cli.projects.api import StageApi
from cli.projects.errors import StageApiError
from cli.projects.import_ import Import, Rejection
from cli.projects.lines import Line
from tests.unit.cli.projects.stage import Asked, Stage, problem

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def lines(*contents: dict[str, Any]) -> Iterator[Line]:
    return (Line(number, json.dumps(content).encode()) for number, content in enumerate(contents, 1))


def titled(count: int) -> list[dict[str, Any]]:
    return [{"title": f"Project {number:04}"} for number in range(count)]


def brought(api: StageApi, *contents: dict[str, Any], name: str = "") -> Import:
    """Import and return what ran, also when it failed."""
    running = Import(api, name)
    running.run(lines(*contents), lambda _: None)
    return running


def test_every_line_becomes_a_project(stage: Stage, api: StageApi) -> None:
    contents = titled(150)

    running = brought(api, *contents)

    assert stage.titles() == [content["title"] for content in contents]
    assert (running.report.created, running.report.is_success) == (150, True)


def test_a_line_is_sent_under_its_key(stage: Stage, api: StageApi) -> None:
    (line,) = lines({"title": "Bridge"})

    brought(api, {"title": "Bridge"}, name="may")

    assert [asked.headers["idempotency-key"] for asked in stage.posts] == [line.key("may")]


def test_what_is_pending_is_asked_for_until_it_is_decided(stage: Stage, api: StageApi, pauses: list[float]) -> None:
    stage.looks = 3

    running = brought(api, *titled(3))

    assert running.report.created == 3
    assert set(stage.looked.values()) == {4}
    assert pauses == [0.2, 0.4, 0.8]


def test_a_rejected_line_is_told_and_the_others_are_created(stage: Stage, api: StageApi) -> None:
    stage.keep("Old", slug="bridge")
    stage.looks = 1

    running = brought(api, {"title": "New", "slug": "bridge"}, {"title": "Tower"})

    ((operation, outcome),) = [item for item in stage.operations.items() if item[1]["status"] == "rejected"]
    assert outcome["reason"] == "slug_taken"
    assert running.report.rejected == [Rejection(1, "slug_taken", operation)]
    assert (running.report.created, running.report.is_success) == (1, False)
    assert stage.titles() == ["Old", "Tower"]


def test_a_line_that_the_stage_refuses_is_told_and_the_others_are_created(stage: Stage, api: StageApi) -> None:
    running = brought(api, {"title": ""}, {"title": "Tower"})

    assert running.report.rejected == [
        Rejection(1, "The request does not fit its schema. /title: String should have at least 1 character", None)
    ]
    assert stage.titles() == ["Tower"]


def test_a_line_that_is_too_large_is_told(stage: Stage, api: StageApi) -> None:
    stage.faults.append(problem(413, "The body is too large."))

    running = brought(api, {"title": "Bridge"})

    assert running.report.rejected == [Rejection(1, "The body is too large.", None)]


def test_what_was_created_before_counts_as_created_and_is_not_created_twice(stage: Stage, api: StageApi) -> None:
    brought(api, *titled(3))

    again = brought(api, *titled(5))

    assert again.report.created == 5
    assert len(stage.projects) == 5


def test_under_another_name_it_is_created_again(stage: Stage, api: StageApi) -> None:
    brought(api, *titled(3))

    brought(api, *titled(3), name="again")

    assert len(stage.projects) == 6


def test_an_import_that_failed_is_gone_on_with(stage: Stage, api: StageApi) -> None:
    def fail_late(asked: Asked) -> None:
        if asked.method == "POST" and len(stage.projects) == 100:
            stage.tokens = set()

    stage.before = fail_late
    running = Import(api, "")
    with pytest.raises(StageApiError, match="sign in again"):
        running.run(lines(*titled(200)), lambda _: None)
    stage.before, stage.tokens = lambda _: None, {"token-1"}

    again = brought(api, *titled(200))

    assert 0 < running.report.created <= 100
    assert not running.report.is_complete
    assert again.report.created == len(stage.projects) == 200


@pytest.mark.parametrize("status", [403, 404, 415])
def test_what_would_be_refused_of_every_line_ends_it(stage: Stage, api: StageApi, status: int) -> None:
    stage.faults += [problem(status, "No.")] * 200

    with pytest.raises(StageApiError, match=f"{status}: No."):
        brought(api, *titled(200))

    assert len(stage.asked) < 100


def test_what_is_not_applied_in_two_minutes_is_told_and_not_lost(
    stage: Stage, api: StageApi, pauses: list[float]
) -> None:
    stage.looks = 1_000_000

    running = brought(api, *titled(2))

    assert running.report.pending.keys() == {1, 2}
    assert set(running.report.pending.values()) == set(stage.operations)
    assert not running.report.is_success
    assert 120 <= sum(pauses) < 125


def test_a_stage_that_applies_nothing_is_sent_no_more_than_a_few_hundred(
    stage: Stage, api: StageApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_, "_PATIENCE_SECONDS", 5)
    stage.looks = 1_000_000

    running = brought(api, *titled(1000))

    assert len(stage.posts) == len(running.report.pending) == 320


def test_a_slow_stage_is_waited_for_as_long_as_something_comes(
    stage: Stage, api: StageApi, pauses: list[float]
) -> None:
    def decide_one_a_round(asked: Asked) -> None:
        # The n-th project is decided after 40 more looks than the one before it: together that is over two minutes.
        if asked.path.startswith("/v1/api/operations/"):
            identifier = asked.path.rpartition("/")[2]
            stage.looks = 40 * (1 + list(stage.operations).index(identifier))

    stage.before = decide_one_a_round

    running = brought(api, *titled(3))

    assert running.report.is_success
    assert sum(pauses) > 120


def test_who_is_stuck_does_not_hide_what_became_of_the_others(
    stage: Stage, api: StageApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_, "_PATIENCE_SECONDS", 5)
    stuck = set()

    def hold_the_first(asked: Asked) -> None:
        stuck.update(list(stage.operations)[:70])
        stage.looks = 1_000_000 if asked.path.rpartition("/")[2] in stuck else 1

    stage.before = hold_the_first

    running = brought(api, *titled(200))

    assert (running.report.created, len(running.report.pending)) == (130, 70)


def test_every_line_whose_fate_is_known_advances(stage: Stage, api: StageApi) -> None:
    stage.keep("Old", slug="bridge")
    advanced: list[int] = []

    Import(api, "").run(lines({"title": ""}, {"title": "New", "slug": "bridge"}, {"title": "Tower"}), advanced.append)

    assert sum(advanced) == 3


def test_the_report_is_json(stage: Stage, api: StageApi) -> None:
    stage.keep("Old", slug="bridge")

    running = brought(api, {"title": "New", "slug": "bridge"}, {"title": ""}, {"title": "Tower"})

    document = json.loads(json.dumps(running.report.document()))
    assert [(entry["line"], entry["reason"].split()[0]) for entry in document["rejected"]] == [
        (1, "slug_taken"), (2, "The")
    ]  # fmt: skip
    assert (document["created"], document["pending"], document["complete"]) == (1, [], True)
