import json
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from schemas.responses import Problem
from shared.http.endpoint import BODY_LIMIT, Endpoint
from shared.http.request import Request
from shared.http.response import Response
from shared.problems import FieldError, InvalidRequestError, ProblemError, UnavailableError
from tests.unit import events

ORIGIN = "https://example.org"
CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
CANARY = "kanarienvogel-4711"
REQUEST_ID = "7d0f2e1c-5b2a-4f1e-9c63-2f6a1b0c9d8e"

PROBLEMS: list[ProblemError] = [kind("What is wrong.") for kind in ProblemError.__subclasses__()]
FOREIGN_ORIGINS: list[str | None] = ["https://evil.example", "null", None]


def accept(_request: Request) -> Response:
    return Response(202, {"id": "message-1"}, {"Location": "https://api.example/1"})


def raiser(error: Exception) -> Any:
    def handle(_request: Request) -> NoReturn:
        raise error

    return handle


def answer(handle: Any, *, origin: str | None = ORIGIN) -> dict[str, Any]:
    endpoint = Endpoint("ingest_contact", handle, allowed_origins=(ORIGIN,))
    return endpoint(events.http_event("api_post_contact", headers={"Origin": origin}), CONTEXT)


def line_of(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (written,) = capsys.readouterr().out.splitlines()
    line: dict[str, Any] = json.loads(written)
    return line


def test_a_success_is_answered_in_the_shape_of_the_proxy_integration() -> None:
    assert answer(accept) == {
        "statusCode": 202,
        "headers": {
            "Content-Type": "application/json",
            "Location": "https://api.example/1",
            "Access-Control-Allow-Origin": ORIGIN,
            "Access-Control-Expose-Headers": "ETag,Location,Preference-Applied,Retry-After,X-Correlation-Id",
            "Vary": "Origin",
            "X-Correlation-Id": REQUEST_ID,
        },
        "body": '{"id":"message-1"}',
    }


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.slug)
def test_a_problem_is_answered_as_a_problem_document(problem: ProblemError) -> None:
    response = answer(raiser(problem))

    document = json.loads(response["body"])
    assert response["statusCode"] == document["status"] == problem.status
    assert response["headers"]["Content-Type"] == "application/problem+json"
    assert (document["instance"], document["request_id"]) == ("/api/contact", REQUEST_ID)
    assert Problem.model_validate(document).status == problem.status


@pytest.mark.parametrize("error", [*PROBLEMS, ValueError()], ids=lambda error: type(error).__name__)
def test_every_problem_may_be_read_by_an_allowed_origin(error: Exception) -> None:
    headers = answer(raiser(error))["headers"]

    assert headers["Access-Control-Allow-Origin"] == ORIGIN
    assert headers["X-Correlation-Id"] == REQUEST_ID


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
@pytest.mark.parametrize("error", [*PROBLEMS, ValueError()], ids=lambda error: type(error).__name__)
def test_no_problem_may_be_read_by_a_foreign_origin(error: Exception, origin: str | None) -> None:
    headers = answer(raiser(error), origin=origin)["headers"]

    assert headers["Vary"] == "Origin"
    assert not [name for name in headers if name.startswith("Access-Control-")]


def test_a_problem_keeps_its_own_headers() -> None:
    response = answer(raiser(UnavailableError("Later.", headers={"Retry-After": "5"})))

    assert response["headers"]["Retry-After"] == "5"


def test_what_nobody_expected_is_an_internal_error() -> None:
    response = answer(raiser(RuntimeError(CANARY)))

    document = json.loads(response["body"])
    assert response["statusCode"] == 500
    assert document["type"] == "urn:sitewire:problem:internal-error"


def test_what_nobody_expected_is_told_to_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    response = answer(raiser(RuntimeError(CANARY)))

    assert CANARY not in response["body"]
    assert CANARY not in capsys.readouterr().out


def test_the_log_tells_where_and_as_what_the_unexpected_was_raised(capsys: pytest.CaptureFixture[str]) -> None:
    answer(raiser(RuntimeError(CANARY)))

    line = line_of(capsys)
    assert line["level"] == "ERROR"
    assert line["cause"].startswith("RuntimeError at test_endpoint.py:")
    assert line["cause"].count(" < ") <= 2


def test_one_line_tells_of_a_request(capsys: pytest.CaptureFixture[str]) -> None:
    answer(accept)

    line = line_of(capsys)
    assert {name: line[name] for name in ("level", "message", "service", "route", "status", "message_id")} == {
        "level": "INFO",
        "message": "request answered",
        "service": "ingest_contact",
        "route": "POST /api/contact",
        "status": 202,
        "message_id": "message-1",
    }
    assert line["request_id"] == line["correlation_id"] == REQUEST_ID
    assert line["function_request_id"] == "function-request-1"


@pytest.mark.parametrize(
    ("error", "level", "metric"),
    [
        (InvalidRequestError("No.", errors=(FieldError("/email", "No."),)), "WARNING", "Rejected"),
        (UnavailableError("Later."), "ERROR", "Failed"),
        (ValueError(), "ERROR", "Failed"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_who_is_to_blame_is_counted(
    error: Exception, level: str, metric: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(raiser(error))

    line = line_of(capsys)
    assert (line["level"], line[metric]) == (level, 1)


def test_a_success_is_counted_and_timed(capsys: pytest.CaptureFixture[str]) -> None:
    answer(accept)

    line = line_of(capsys)
    assert line["Accepted"] == 1
    assert line["Duration"] >= 0


def test_the_line_of_a_rejection_names_the_problem_and_counts_its_errors(capsys: pytest.CaptureFixture[str]) -> None:
    answer(raiser(InvalidRequestError("No.", errors=(FieldError("/email", "Must be an address."),))))

    line = line_of(capsys)
    assert (line["problem"], line["errors"]) == ("invalid-request", 1)


def test_the_line_of_a_rejection_holds_no_sentence_about_the_body(capsys: pytest.CaptureFixture[str]) -> None:
    answer(raiser(InvalidRequestError(CANARY, errors=(FieldError("/email", CANARY),))))

    assert CANARY not in capsys.readouterr().out


def test_a_body_over_the_limit_reaches_no_handler() -> None:
    endpoint = Endpoint("ingest_contact", raiser(AssertionError()), allowed_origins=(ORIGIN,))

    response = endpoint(events.http_event("api_post_contact", body="x" * (BODY_LIMIT + 1)), CONTEXT)

    assert (response["statusCode"], json.loads(response["body"])["title"]) == (413, "Body too large")


def test_a_function_can_read_larger_bodies_than_others() -> None:
    endpoint = Endpoint("ingest_projects", accept, allowed_origins=(ORIGIN,), body_limit=BODY_LIMIT + 1)

    sizes = (BODY_LIMIT + 1, BODY_LIMIT + 2)

    statuses = [
        endpoint(events.http_event("api_post_contact", body="x" * size), CONTEXT)["statusCode"] for size in sizes
    ]
    assert statuses == [202, 413]


def test_what_an_answer_varies_by_is_told_beside_the_origin() -> None:
    response = answer(lambda _request: Response(200, {}, {"Vary": "Authorization"}))

    assert response["headers"]["Vary"] == "Origin, Authorization"


@pytest.mark.parametrize(
    ("document", "identity"), [({"id": "record-1", "operation_id": "message-1"}, "message-1"), ({"id": "1"}, "1")]
)
def test_the_line_bears_the_id_of_the_operation_or_else_of_the_record(
    document: dict[str, str], identity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(lambda _request: Response(202, document))

    assert line_of(capsys)["message_id"] == identity
