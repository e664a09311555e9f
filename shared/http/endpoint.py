"""What surrounds every handler behind the API: problems, cross-origin headers, one log line. It answers always."""

import time
from collections.abc import Callable
from typing import Any

from shared.http.cors import AllowedOrigins
from shared.http.request import Request, parse_request
from shared.http.response import Response
from shared.observability.lines import Apart, RequestLog
from shared.problems import BodyTooLargeError, InternalError, ProblemError

BODY_LIMIT = 32 * 1024
"""Bytes that a request body may have, where a function does not say otherwise."""

_SERVER_ERROR = 500
_CLIENT_ERROR = 400


class Endpoint:
    """Entry point of a function behind the API; an instance is its Lambda handler.

    Parameters
    ----------
    service
        The function's short name.
    handle
        From a request to its response; may raise any `ProblemError`.
    allowed_origins
        Origins whose pages may read the answers.
    body_limit
        Bytes that a request body may have.
    """

    def __init__(
        self,
        service: str,
        handle: Callable[[Request], Response],
        *,
        allowed_origins: tuple[str, ...],
        body_limit: int = BODY_LIMIT,
    ) -> None:
        self._handle = handle
        self._body_limit = body_limit
        self._log = RequestLog(service)
        self.allowed_origins = AllowedOrigins(allowed_origins)

    def __call__(self, event: dict[str, Any], context: object) -> dict[str, Any]:
        """Answer a proxy event; nothing escapes, because API Gateway's own 502 would carry no headers of ours."""
        started = time.perf_counter()
        request = parse_request(event)
        response, problem = self._answer(request)
        headers = self.allowed_origins.headers(request.origin)
        headers["X-Correlation-Id"] = request.correlation_id
        if vary := response.headers.get("Vary"):
            headers["Vary"] += f", {vary}"
        self._write_line(request, response, problem, context, time.perf_counter() - started)
        return response.to_proxy(headers)

    def _answer(self, request: Request) -> tuple[Response, ProblemError | None]:
        try:
            if len(request.body) > self._body_limit:
                raise BodyTooLargeError(f"The body may have {self._body_limit} bytes.")
            return self._handle(request), None
        except ProblemError as error:
            problem = error
        except Exception as error:  # noqa: BLE001  the last resort of this function
            problem = InternalError("Something broke on our side. Try again later.")
            problem.__cause__ = error
        return problem_response(request, problem), problem

    def _write_line(
        self,
        request: Request,
        response: Response,
        problem: ProblemError | None,
        context: object,
        seconds: float,
    ) -> None:
        fields: dict[str, Any] = {
            "correlation_id": request.correlation_id,
            "request_id": request.request_id,
            "function_request_id": getattr(context, "aws_request_id", ""),
            "route": f"{request.method} {request.resource}",
            "status": response.status,
        }
        level, outcome = "INFO", "Accepted"
        if problem:
            outcome = "Rejected" if response.status < _SERVER_ERROR else "Failed"
            level = "WARNING" if outcome == "Rejected" else "ERROR"
            fields["problem"] = problem.slug
            # A number only: a pointer can hold a name that the visitor made up.
            fields["errors"] = len(problem.errors)
            if problem.__cause__:
                fields["cause"] = _describe(problem.__cause__)
        if message_id := _message_id(response):
            fields["message_id"] = message_id
        metrics = {
            outcome: (1.0, "Count"),
            "Duration": (round(seconds * 1000, 3), "Milliseconds"),
            **{name: (float(count), "Count") for name, count in response.counts.items()},
        }
        # There are as many problems as `shared.problems` declares.
        apart = Apart(outcome, "problem") if problem else None
        self._log.write(level, "request answered", metrics=metrics, apart=apart, **fields)


def _message_id(response: Response) -> str | None:
    """Return the id of the message that a response is about: of a promise its operation, else the record itself."""
    document = response.document or {}
    if operation_id := document.get("operation_id"):
        return str(operation_id)
    return document.get("id") if response.status < _CLIENT_ERROR else None


def problem_response(request: Request, problem: ProblemError) -> Response:
    """Return the response that tells of a problem."""
    document = problem.to_document(instance=request.path, request_id=request.request_id)
    return Response(problem.status, document, problem.headers, "application/problem+json")


def _describe(error: BaseException) -> str:
    """Return where and as what an error was raised, without its message: that may hold what a visitor wrote."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(frames[-3:]))}"
