from types import ModuleType

import pytest

from schemas.responses import Tokens
from tests.functional.faults import answer_users, refuse_users
from tests.functional.functions.users.calls import (
    ADA,
    LOGOUT,
    REFRESH,
    call,
    document,
    pointers,
    problem,
    sent,
    sign_in,
)
from tests.functional.pools import Pool


def test_a_refresh_token_gives_an_access_token(auth: ModuleType, pool: Pool) -> None:
    pool.add(ADA)
    token = document(sign_in(auth))["refresh_token"]

    answer = call(auth, "POST", REFRESH, body={"refresh_token": token})

    tokens = Tokens.model_validate(document(answer))
    assert (answer["statusCode"], tokens.refresh_token) == (200, None)
    assert answer["headers"]["Cache-Control"] == "no-store"


def test_a_refresh_token_that_is_none_is_refused_as_credentials_are(auth: ModuleType) -> None:
    answer = call(auth, "POST", REFRESH, body={"refresh_token": "a.b.c"})

    assert problem(answer) == (401, "invalid-credentials")
    assert answer["headers"]["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["", "a b", "x" * 8193, "a;b", None])
@pytest.mark.parametrize("resource", [REFRESH, LOGOUT])
def test_what_can_be_no_refresh_token_is_refused_by_field(auth: ModuleType, resource: str, token: object) -> None:
    answer = call(auth, "POST", resource, body={"refresh_token": token})

    assert (problem(answer), pointers(answer)) == ((400, "invalid-request"), ["/refresh_token"])


def test_signing_out_revokes_the_refresh_token(auth: ModuleType, pool: Pool) -> None:
    calls = answer_users(auth.sign_in._client, "RevokeToken", {})

    answer = call(auth, "POST", LOGOUT, body={"refresh_token": "a.b.c"})

    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert sent(calls) == {"Token": "a.b.c", "ClientId": pool.client_id}


@pytest.mark.parametrize("code", ["UnauthorizedException", "UnsupportedTokenTypeException", "NotAuthorizedException"])
def test_signing_out_with_a_token_that_is_void_is_no_error(auth: ModuleType, code: str) -> None:
    refuse_users(auth.sign_in._client, "RevokeToken", code)

    assert call(auth, "POST", LOGOUT, body={"refresh_token": "a.b.c"})["statusCode"] == 204
