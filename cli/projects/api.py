"""Ask the API of a stage, from several threads: with a token, and again when it had no time."""

import contextlib
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.parse import urlencode

from cli.projects.access import Token
from cli.projects.errors import RefusedError, StageApiError, StoppedError
from schemas.routes import Role

THREADS = 8

_TIMEOUT_SECONDS = 30
_TRIES = 6
_FIRST_WAIT_SECONDS = 0.25
_PATIENCE_SECONDS = 120
_UNREACHABLE, _UNAUTHORIZED, _FORBIDDEN, _TOO_MANY_REQUESTS = 0, 401, 403, 429
_PASSING = frozenset({_UNREACHABLE, _TOO_MANY_REQUESTS, 500, 502, 503, 504})

Pause = Callable[[float], object]
"""Waits for so many seconds."""


class _Answer(NamedTuple):
    """An answer: the status, how many seconds it asks to wait if it does, the body; or why there was none."""

    status: int
    retry_after: float | None
    body: bytes


class StageApi:
    """The API of a stage, to one caller.

    Parameters
    ----------
    url
        Where it is.
    token
        Who calls.
    role
        The role that what is asked takes, for who is refused.
    pause
        How to wait; by default until the time is over or `stop` is called.
    """

    def __init__(self, url: str, token: Token, *, role: Role = Role.EDITOR, pause: Pause | None = None) -> None:
        self._url = url
        self._token = token
        self._role = role
        self._stopped = threading.Event()
        self._pause = pause or self._stopped.wait

    def get(self, path: str, **query: str | None) -> dict[str, Any]:
        """Return a document; parameters of the query that are None are left out.

        Raises
        ------
        RefusedError
            When the API refuses.
        StageApiError
            When it can't be reached, or has no time for longer than is worth waiting for.
        """
        return self._document(self._ask("GET", _with_query(path, query), None, {}))

    def text(self, path: str, **query: str | None) -> str:
        """Return what is no document; parameters and errors as for `get`."""
        return self._ask("GET", _with_query(path, query), None, {}).decode()

    def post(self, path: str, body: bytes, *, idempotency_key: str) -> dict[str, Any]:
        """Send a JSON body and return the answer; with the key it may be sent again. Errors as for `get`."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}
        return self._document(self._ask("POST", path, body, headers))

    def wait(self, seconds: float) -> None:
        """Wait, and raise StoppedError when that is over before its time."""
        self._pause(seconds)
        if self._stopped.is_set():
            message = "stopped"
            raise StoppedError(message)

    @contextlib.contextmanager
    def crew(self) -> Iterator[ThreadPoolExecutor]:
        """Give threads to ask from; when the work fails or is interrupted, they end what they do and wait no more."""
        pool = ThreadPoolExecutor(THREADS)
        try:
            yield pool
        except BaseException:
            self._stopped.set()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        token = self._token.get()
        answer = self._answer(method, path, body, {**headers, "Authorization": f"Bearer {token}"})
        if answer.status == _UNAUTHORIZED:
            token = self._token.renew(token)
            answer = self._answer(method, path, body, {**headers, "Authorization": f"Bearer {token}"})
        if answer.status == _UNREACHABLE:
            message = f"{self._url} can't be reached: {answer.body.decode()}"
            raise StageApiError(message)
        if answer.status < 300:  # noqa: PLR2004  a success
            return answer.body
        detail = _detail(_document(answer.body) or {})
        hint = f" This takes the role {self._role.name.lower()}." if answer.status == _FORBIDDEN else ""
        message = f"{method} {self._url}{path} was answered with {answer.status}: {detail}{hint}"
        raise RefusedError(message, status=answer.status, detail=detail or str(answer.status))

    def _document(self, body: bytes) -> dict[str, Any]:
        document = _document(body)
        if document is None:
            message = f"{self._url} did not answer as a Sitewire API does"
            raise StageApiError(message)
        return document

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> _Answer:
        """Return the answer to a request, which is repeated as long as the stage only has no time for it."""
        waited, failures = 0.0, 0
        while True:
            answer = self._once(method, path, body, headers)
            if answer.status not in _PASSING:
                return answer
            # Where it says itself when it will have time, that is no failure.
            failures += answer.retry_after is None
            pause = max(answer.retry_after or 0, _FIRST_WAIT_SECONDS * 2**failures)
            waited += pause
            if failures == _TRIES or waited > _PATIENCE_SECONDS:
                return answer
            self.wait(pause)

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> _Answer:
        request = urllib.request.Request(f"{self._url}{path}", body, headers, method=method)  # noqa: S310  the stage's
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                return _Answer(answer.status, None, answer.read())
        except urllib.error.HTTPError as error:
            with error, contextlib.suppress(OSError, HTTPException):
                return _Answer(error.code, _seconds(error.headers["Retry-After"]), error.read())
            return _Answer(error.code, None, b"")
        except (OSError, HTTPException) as error:
            return _Answer(_UNREACHABLE, None, str(getattr(error, "reason", error)).encode())


def _with_query(path: str, query: dict[str, str | None]) -> str:
    given = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{path}?{given}" if given else path


def _seconds(retry_after: str | None) -> float | None:
    """Return the seconds that a header asks for; a date, which this API does not use, is none."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else None


def _document(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _detail(problem: dict[str, Any]) -> str:
    """Return what a problem document says, with the place of each mistake."""
    errors = [": ".join(filter(None, (error["pointer"], error["detail"]))) for error in problem.get("errors", [])]
    return " ".join([str(problem.get("detail", "")), *errors]).strip()
