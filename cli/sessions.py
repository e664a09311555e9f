"""Signed-in sessions: got from the API, kept in a file that only its owner can read."""

import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

import typer

from cli.target import LOCAL, Target
from local.errors import LocalError
from local.paths import STATE

_TIMEOUT_SECONDS = 30
_MARGIN_SECONDS = 60


class Session(NamedTuple):
    """Tokens of one person on one stage; `expires_at` is the access token's end, in seconds since the epoch."""

    email: str
    access_token: str
    refresh_token: str
    expires_at: float


def ask(target: Target, path: str, body: dict[str, str]) -> dict[str, Any]:
    """Post to the API and return its answer; an empty one is an empty object.

    Raises
    ------
    LocalError
        With the problem's detail when the API refuses, and when it can't be reached.
    """
    request = urllib.request.Request(  # noqa: S310  the stage's own address
        f"{target.api_url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
            text = answer.read()
    except urllib.error.HTTPError as error:
        raise LocalError(_detail(error.read()) or f"{target.api_url} answered {error.code}") from None
    except (urllib.error.URLError, TimeoutError) as error:
        message = f"{target.api_url} can't be reached: {getattr(error, 'reason', error)}"
        raise LocalError(message) from None
    document: dict[str, Any] = json.loads(text) if text else {}
    return document


def keep(target: Target, session: Session) -> Path:
    """Keep a session in place of an earlier one and return the file, which only its owner can read."""
    path = _file(target)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(session._asdict(), file)
    unfinished.replace(path)
    return path


def kept(target: Target) -> Session:
    """Return the session on a stage, with an access token that is good for a minute at least.

    Raises
    ------
    LocalError
        When nobody is signed in, or the session has ended.
    """
    session = _read(_file(target))
    if session is None:
        message = f"nobody is signed in on {target.stage}: run 'sitewire login'"
        raise LocalError(message)
    if session.expires_at > time.time() + _MARGIN_SECONDS:
        return session
    granted = ask(target, "/api/auth/refresh", {"refresh_token": session.refresh_token})
    renewed = to_session(session.email, {"refresh_token": session.refresh_token, **granted})
    keep(target, renewed)
    return renewed


def forget(target: Target) -> None:
    """Revoke the session on a stage and remove its file; without one, do nothing."""
    path = _file(target)
    if session := _read(path):
        ask(target, "/api/auth/logout", {"refresh_token": session.refresh_token})
    path.unlink(missing_ok=True)


def to_session(email: str, granted: dict[str, Any]) -> Session:
    """Return the session that an answer of the API grants."""
    return Session(email, granted["access_token"], granted["refresh_token"], time.time() + granted["expires_in"])


def _read(path: Path) -> Session | None:
    """Return the session in a file; None when there is none that can be read."""
    try:
        return Session(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _file(target: Target) -> Path:
    folder = STATE if target.stage == LOCAL else Path(typer.get_app_dir("sitewire"))
    return folder / f"session-{target.stage}.json"


def _detail(body: bytes) -> str:
    try:
        problem = json.loads(body)
        fields = [f"{error['pointer'].lstrip('/')}: {error['detail']}" for error in problem.get("errors", [])]
        return " ".join([problem["detail"], *fields])
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
