"""Signed-in sessions: got from the API, kept in a file that only its owner can read."""

import json
import os
import tempfile
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple

import typer

from cli.target import LOCAL, Target
from local.errors import LocalError
from local.paths import STATE

_TIMEOUT_SECONDS = 30
_MARGIN_SECONDS = 60


class Session(NamedTuple):
    """Tokens of one person in one user pool; `expires_at` is the access token's end, in seconds since the epoch."""

    user_pool: str
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
        document: dict[str, Any] = json.loads(text) if text else {}
    except urllib.error.HTTPError as error:
        raise LocalError(_detail(error.read()) or f"{target.api_url} answered {error.code}") from None
    except (OSError, HTTPException) as error:
        message = f"{target.api_url} can't be reached: {getattr(error, 'reason', error)}"
        raise LocalError(message) from None
    except ValueError:
        message = f"{target.api_url} did not answer as a Sitewire API does"
        raise LocalError(message) from None
    return document


def keep(target: Target, session: Session) -> Path:
    """Keep a session in place of an earlier one and return the file, which only its owner can read."""
    path = _file(target)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Made with mode 0600, under a name of its own: two processes may keep a session at once.
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
    with os.fdopen(handle, "w") as file:
        json.dump(session._asdict(), file)
    Path(unfinished).replace(path)
    return path


def is_kept(target: Target) -> bool:
    """Tell whether somebody signed in on a stage and did not sign out."""
    return _read(target) is not None


def kept(target: Target) -> Session:
    """Return the session on a stage, with an access token that is good for a minute at least.

    Raises
    ------
    LocalError
        When nobody is signed in, or the session has ended.
    """
    session = _read(target)
    if session is None:
        message = f"nobody is signed in on {target.stage}: run 'sitewire login'"
        raise LocalError(message)
    if session.expires_at > time.time() + _MARGIN_SECONDS:
        return session
    granted = ask(target, "/api/auth/refresh", {"refresh_token": session.refresh_token})
    renewed = to_session(target, session.email, {"refresh_token": session.refresh_token, **granted})
    keep(target, renewed)
    return renewed


def forget(target: Target) -> bool:
    """Revoke the session on a stage and remove its file; False when there was none."""
    session = _read(target)
    if session:
        ask(target, "/api/auth/logout", {"refresh_token": session.refresh_token})
    _file(target).unlink(missing_ok=True)
    return session is not None


def to_session(target: Target, email: str, granted: dict[str, Any]) -> Session:
    """Return the session that an answer of the API grants."""
    ends = time.time() + granted["expires_in"]
    return Session(target.user_pool, email, granted["access_token"], granted["refresh_token"], ends)


def _read(target: Target) -> Session | None:
    """Return the session in a stage's file; None when there is none, or one of another pool: a stage made anew."""
    try:
        found = json.loads(_file(target).read_text())
        session = Session(**{**found, "expires_at": float(found["expires_at"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return session if session.user_pool == target.user_pool else None


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
