"""Requests over real sockets."""

import threading

import pytest

from cli.projects import api as api_module
from cli.projects.access import Token
from cli.projects.api import THREADS, StageApi
from cli.projects.errors import RefusedError, StageApiError, StoppedError
from tests.unit.cli.projects.stage import Answer, Stage, problem

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

LIST = "/api/projects"


def test_a_request_shows_the_token(stage: Stage, api: StageApi) -> None:
    api.get(LIST)

    assert stage.asked[0].headers["authorization"] == "Bearer token-1"


def test_parameters_of_a_query_are_sent_unless_there_are_none(stage: Stage, api: StageApi) -> None:
    api.get(LIST, status="a&b=", locale=None, cursor="1")

    assert stage.asked[0].query == {"status": "a&b=", "cursor": "1"}


@pytest.mark.parametrize("status", [429, 503])
def test_a_stage_that_has_no_time_is_asked_again_when_it_says(
    stage: Stage, api: StageApi, pauses: list[float], status: int
) -> None:
    stage.faults += [problem(status, "Later.", retry_after=7)] * 8
    stage.keep("Bridge")

    page = api.get(LIST)

    assert [project["title"] for project in page["items"]] == ["Bridge"]
    assert pauses == [7] * 8


def test_a_stage_that_never_has_time_is_left_after_two_minutes(
    stage: Stage, api: StageApi, pauses: list[float]
) -> None:
    stage.faults += [problem(429, "Too many requests.", retry_after=50)] * 5

    with pytest.raises(RefusedError, match="was answered with 429: Too many requests"):
        api.get(LIST)

    assert pauses == [50, 50]


@pytest.mark.parametrize("fault", [problem(500, "Broken."), problem(502, ""), problem(504, "Late."), None])
def test_what_breaks_is_tried_again_later_and_later(
    stage: Stage, api: StageApi, pauses: list[float], fault: Answer | None
) -> None:
    stage.faults += [fault] * 3

    assert api.get(LIST) == {"items": [], "next_cursor": None}

    assert pauses == [0.5, 1, 2]


def test_what_stays_broken_is_told(stage: Stage, api: StageApi) -> None:
    stage.faults += [problem(500, "Something broke on our side.")] * 6

    with pytest.raises(RefusedError, match="500: Something broke on our side"):
        api.get(LIST)

    assert len(stage.asked) == 6


def test_a_stage_that_cannot_be_reached_is_told(stage: Stage, api: StageApi) -> None:
    stage.faults += [None] * 6

    with pytest.raises(StageApiError, match=f"{stage.url} can't be reached: "):
        api.get(LIST)


def test_a_repeated_request_is_the_same(stage: Stage, api: StageApi) -> None:
    stage.faults += [None, problem(503, "Later.", retry_after=1)]

    api.post(LIST, b'{"title":"Bridge"}', idempotency_key="key-1")

    assert {(asked.body, asked.headers["idempotency-key"]) for asked in stage.asked} == {
        (b'{"title":"Bridge"}', "key-1")
    }
    assert stage.titles() == ["Bridge"]


def test_a_refusal_is_told_with_its_places_and_not_repeated(stage: Stage, api: StageApi) -> None:
    with pytest.raises(RefusedError) as caught:
        api.post(LIST, b"{}", idempotency_key="key-1")

    assert caught.value.status == 400
    assert caught.value.detail == "The request does not fit its schema. /title: Field required"
    assert len(stage.asked) == 1


def test_who_is_no_editor_is_told_which_role_it_takes(stage: Stage, api: StageApi) -> None:
    stage.faults.append(problem(403, "Not allowed."))

    with pytest.raises(RefusedError, match=r"Not allowed\. This takes the role editor"):
        api.get(LIST)


def test_an_answer_of_something_else_is_told(stage: Stage, api: StageApi) -> None:
    stage.faults.append(Answer(200, []))  # type: ignore[arg-type]

    with pytest.raises(StageApiError, match="did not answer as a Sitewire API does"):
        api.get(LIST)


def test_an_expired_token_is_replaced_once_for_all_threads(stage: Stage) -> None:
    tokens = iter(["expired", "token-1", "one too many"])
    api = StageApi(stage.url, Token(lambda: next(tokens)))
    gate = threading.Barrier(THREADS)

    def ask(_: int) -> object:
        gate.wait()
        return api.get(LIST)["items"]

    with api.crew() as pool:
        answers = list(pool.map(ask, range(THREADS)))

    assert answers == [[]] * THREADS
    assert next(tokens) == "one too many"


def test_a_token_that_is_refused_and_cannot_be_replaced_is_told(stage: Stage, api: StageApi) -> None:
    stage.tokens = {"another"}

    with pytest.raises(StageApiError, match="sign in again with 'sitewire login'"):
        api.get(LIST)


def test_when_the_work_fails_nobody_waits_on(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_module, "_PATIENCE_SECONDS", 7200)
    stage.faults.append(problem(429, "Later.", retry_after=60))
    api = StageApi(stage.url, Token(lambda: "token-1"))

    with pytest.raises(ZeroDivisionError), api.crew() as pool:  # noqa: PT012  the crew is what is tested
        waiting = pool.submit(api.get, LIST)
        raise ZeroDivisionError

    assert isinstance(waiting.exception(), StoppedError) or waiting.cancelled()
