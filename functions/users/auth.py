"""POST /api/auth/token, /refresh and /logout: a thin front to Cognito, for pages that want no SDK."""

import os
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from functions.users.settings import SignInSettings
from shared.clients import client, unsigned_client
from shared.http.endpoint import Endpoint
from shared.http.request import Request
from shared.http.response import Response
from shared.identity.problems import as_problems
from shared.identity.sign_in import Challenged, Granted, SignIn
from shared.problems import FieldError, InvalidRequestError, TooManyAttemptsError, UnavailableError
from shared.table.attempts import AttemptsExceededError, SignInAttempts
from shared.validation import Validator

_NO_STORE = {"Cache-Control": "no-store"}

settings = SignInSettings.from_environment(os.environ)
# Anybody may sign in, so this role needs no permission for it.
sign_in = SignIn(unsigned_client("cognito-idp"), settings.user_pool_client_id)
attempts = SignInAttempts(client("dynamodb"), settings.table_name)
credentials = Validator("TokenRequest")
refresh_tokens = Validator("RefreshRequest")


def answer(request: Request) -> Response:
    """Answer every route."""
    with as_problems():
        return _ROUTES[request.resource](request)


def give_tokens(request: Request) -> Response:
    """Sign in, or answer a sign-in's challenge; each is an attempt at the account."""
    given = credentials.from_json(request.body)
    _require_one_way(given)
    # The pool compares addresses without regard to case.
    email = given["email"].lower()
    _count(email)
    outcome = _sign_in(email, given)
    if isinstance(outcome, Challenged):
        # Not cleared yet: who knows the password could otherwise guess codes for ever.
        return Response(200, outcome._asdict(), _NO_STORE)
    # The tokens are granted, and a challenge can't be answered twice: a count that stays costs less than they do.
    with suppress(BotoCoreError, ClientError):
        attempts.clear(email)
    return _granted(outcome)


def refresh(request: Request) -> Response:
    """Exchange a refresh token for an access token."""
    return _granted(sign_in.refresh(refresh_tokens.from_json(request.body)["refresh_token"]))


def log_out(request: Request) -> Response:
    """Revoke a refresh token; an access token ends by itself, within minutes."""
    sign_in.revoke(refresh_tokens.from_json(request.body)["refresh_token"])
    return Response(204, headers=_NO_STORE)


_ROUTES = {
    "/api/auth/token": give_tokens,
    "/api/auth/refresh": refresh,
    "/api/auth/logout": log_out,
}


def _count(email: str) -> None:
    """Count an attempt at an account; where it can't be counted, nobody signs in."""
    try:
        attempts.count(email)
    except AttemptsExceededError as error:
        detail = f"There were too many attempts at this account. Try again in {error.retry_after} seconds."
        raise TooManyAttemptsError(detail, headers={**_NO_STORE, "Retry-After": str(error.retry_after)}) from None
    except (BotoCoreError, ClientError) as error:
        detail = "Signing in is not possible right now. Try again in a few seconds."
        raise UnavailableError(detail, headers={**_NO_STORE, "Retry-After": "5"}) from error


_WAYS = ({"password"}, {"session", "new_password"}, {"session", "code"})


def _require_one_way(given: dict[str, Any]) -> None:
    """Refuse a request that is neither a password nor the answer of one challenge."""
    if given.keys() - {"email"} not in _WAYS:
        error = FieldError("", "Send email with password, or with session and either new_password or code.")
        raise InvalidRequestError("The request does not fit its schema.", errors=(error,))


def _sign_in(email: str, given: dict[str, Any]) -> Granted | Challenged:
    if "password" in given:
        return sign_in.with_password(email, given["password"])
    if "code" in given:
        return sign_in.with_code(email, given["session"], given["code"])
    return sign_in.with_new_password(email, given["session"], given["new_password"])


def _granted(tokens: Granted) -> Response:
    document: dict[str, Any] = {
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
    }
    if tokens.refresh_token:
        document["refresh_token"] = tokens.refresh_token
    return Response(200, document, _NO_STORE)


handler = Endpoint("users_auth", answer, allowed_origins=settings.allowed_origins)
