from types import ModuleType
from typing import Any

import pytest
from botocore import UNSIGNED

from schemas.responses import Challenge, Tokens
from tests.functional.faults import answer_users, refuse_users, watch_users
from tests.functional.functions.users.calls import (
    ADA,
    LOGOUT,
    REFRESH,
    SESSION,
    TOKEN,
    Answer,
    call,
    document,
    pointers,
    problem,
    respond,
    sent,
    sign_in,
)
from tests.functional.pools import PASSWORD, TEMPORARY, Pool

NEW = "  Ünïcode 1 pass-Word \t"

REFUSALS = [
    "CodeMismatchException",
    "ExpiredCodeException",
    "InvalidParameterException",
    "NotAuthorizedException",
    "PasswordResetRequiredException",
    "UserNotConfirmedException",
    "UserNotFoundException",
]


def but_the_request(answer: Answer) -> dict[str, Any]:
    """Return a problem without what tells one request from another."""
    return {name: value for name, value in document(answer).items() if name != "request_id"}


def test_a_right_password_gives_tokens_that_nobody_keeps(auth: ModuleType, pool: Pool) -> None:
    pool.add(ADA)

    answer = sign_in(auth)

    tokens = Tokens.model_validate(document(answer))
    assert (answer["statusCode"], tokens.token_type) == (200, "Bearer")
    assert tokens.refresh_token
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert answer["headers"]["Access-Control-Allow-Origin"] == "https://example.org"


def test_an_address_is_the_same_in_any_case(auth: ModuleType, pool: Pool) -> None:
    pool.add(ADA)

    assert sign_in(auth, email="Ada@EXAMPLE.org")["statusCode"] == 200


@pytest.mark.parametrize("password", [PASSWORD, NEW, "  ", '\x00\u2028\\"', "x" * 256])
def test_a_password_is_passed_on_as_it_is(auth: ModuleType, password: str) -> None:
    calls = refuse_users(auth.sign_in._client, "InitiateAuth", "NotAuthorizedException")

    sign_in(auth, password)

    assert sent(calls)["AuthParameters"] == {"USERNAME": ADA, "PASSWORD": password}


def test_a_new_password_is_passed_on_as_it_is(auth: ModuleType) -> None:
    calls = refuse_users(auth.sign_in._client, "RespondToAuthChallenge", "NotAuthorizedException")

    respond(auth, new_password=NEW)

    assert sent(calls)["ChallengeResponses"] == {"USERNAME": ADA, "NEW_PASSWORD": NEW}
    assert sent(calls)["Session"] == SESSION


def test_the_roles_credentials_stay_at_home(auth: ModuleType) -> None:
    assert auth.sign_in._client.meta.config.signature_version is UNSIGNED


def test_whatever_is_wrong_the_answer_is_the_same(auth: ModuleType, pool: Pool) -> None:
    pool.add(ADA)
    pool.add("disabled@example.org", enabled=False)

    answers = [
        sign_in(auth, "wrong"),
        sign_in(auth, email="nobody@example.org"),
        sign_in(auth, email="disabled@example.org"),
    ]

    assert problem(answers[0]) == (401, "invalid-credentials")
    assert but_the_request(answers[0]) == but_the_request(answers[1]) == but_the_request(answers[2])
    assert answers[0]["headers"] == answers[1]["headers"] == answers[2]["headers"]


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("operation", ["InitiateAuth", "RespondToAuthChallenge"])
def test_whatever_cognito_says_the_answer_is_the_same(auth: ModuleType, code: str, operation: str) -> None:
    refuse_users(auth.sign_in._client, operation, code)

    answer = sign_in(auth) if operation == "InitiateAuth" else respond(auth, code="123456")

    assert problem(answer) == (401, "invalid-credentials")
    assert "errors" not in document(answer)


def test_an_invited_user_chooses_a_password_and_is_in(auth: ModuleType, pool: Pool) -> None:
    pool.add(ADA, invited=True)
    challenge = Challenge.model_validate(document(sign_in(auth, TEMPORARY)))

    answer = call(auth, "POST", TOKEN, body={"email": ADA, "session": challenge.session, "new_password": PASSWORD})

    assert (challenge.challenge, answer["statusCode"]) == ("new_password_required", 200)
    assert Tokens.model_validate(document(answer)).expires_in > 0
    assert sign_in(auth)["statusCode"] == 200


@pytest.mark.parametrize(
    "code", ["InvalidPasswordException", "InvalidParameterException", "PasswordHistoryPolicyViolationException"]
)
def test_a_password_that_the_pool_does_not_take_is_refused_by_field(auth: ModuleType, code: str) -> None:
    refuse_users(auth.sign_in._client, "RespondToAuthChallenge", code)

    answer = respond(auth, new_password="weak")

    assert (problem(answer), pointers(answer)) == ((400, "invalid-request"), ["/new_password"])


def test_an_authenticators_code_is_asked_for_and_passed_on(auth: ModuleType) -> None:
    cognito = auth.sign_in._client
    answer_users(cognito, "InitiateAuth", {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": SESSION})
    result = {"AccessToken": "a.b.c", "RefreshToken": "r", "ExpiresIn": 900, "TokenType": "Bearer"}
    calls = answer_users(cognito, "RespondToAuthChallenge", {"AuthenticationResult": result})

    challenge = document(sign_in(auth))
    answer = respond(auth, code="123456")

    assert challenge == {"challenge": "software_token_mfa", "session": SESSION}
    assert sent(calls)["ChallengeResponses"] == {"USERNAME": ADA, "SOFTWARE_TOKEN_MFA_CODE": "123456"}
    assert document(answer) == {
        "access_token": "a.b.c", "refresh_token": "r", "expires_in": 900, "token_type": "Bearer",
    }  # fmt: skip


def test_a_challenge_that_this_api_cannot_pass_on_is_ours_to_mend(auth: ModuleType) -> None:
    answer_users(auth.sign_in._client, "InitiateAuth", {"ChallengeName": "MFA_SETUP", "Session": SESSION})

    assert problem(sign_in(auth)) == (500, "internal-error")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"session": SESSION},
        {"new_password": PASSWORD},
        {"code": "123456"},
        {"password": PASSWORD, "session": SESSION},
        {"password": PASSWORD, "code": "123456"},
        {"session": SESSION, "new_password": PASSWORD, "code": "123456"},
    ],
    ids=lambda body: "+".join(body) or "nothing",
)
def test_what_is_neither_a_password_nor_an_answer_is_refused(auth: ModuleType, body: dict[str, str]) -> None:
    calls = watch_users(auth.sign_in._client)

    answer = call(auth, "POST", TOKEN, body={"email": ADA, **body})

    assert (problem(answer), pointers(answer), calls) == ((400, "invalid-request"), [""], [])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"email": "ada", "password": "x"}, "/email"),
        ({"email": ADA, "password": ""}, "/password"),
        ({"email": ADA, "password": "x" * 257}, "/password"),
        ({"email": ADA, "password": 12345678}, "/password"),
        ({"email": ADA, "session": "short", "code": "123456"}, "/session"),
        ({"email": ADA, "session": SESSION, "code": "12345"}, "/code"),
        ({"email": ADA, "session": SESSION, "code": "١٢٣٤٥٦"}, "/code"),
        ({"email": ADA, "session": SESSION, "new_password": ""}, "/new_password"),
        ({"email": ADA, "password": "x", "role": "admin"}, "/role"),
    ],
    ids=lambda value: str(value)[-24:],
)
def test_a_sign_in_that_does_not_fit_is_refused_by_field(auth: ModuleType, body: object, pointer: str) -> None:
    answer = call(auth, "POST", TOKEN, body=body)

    assert (problem(answer), pointers(answer)) == ((400, "invalid-request"), [pointer])


@pytest.mark.parametrize("resource", [TOKEN, REFRESH, LOGOUT])
def test_a_body_over_the_limit_is_not_read(auth: ModuleType, resource: str) -> None:
    assert problem(call(auth, "POST", resource, body="x" * 32_769)) == (413, "body-too-large")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("TooManyRequestsException", (503, "unavailable")),
        ("InternalErrorException", (503, "unavailable")),
        ("ResourceNotFoundException", (500, "internal-error")),
        ("UnsupportedOperationException", (500, "internal-error")),
    ],
)
def test_what_is_not_the_callers_fault_is_not_called_so(auth: ModuleType, code: str, expected: tuple[int, str]) -> None:
    for operation in ("InitiateAuth", "RevokeToken"):
        refuse_users(auth.sign_in._client, operation, code)

    assert problem(sign_in(auth)) == expected
    assert problem(call(auth, "POST", LOGOUT, body={"refresh_token": "a.b.c"})) == expected


def test_no_line_holds_a_password_a_token_or_an_address(
    auth: ModuleType, pool: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    email = "kanarienvogel@example.org"
    pool.add(email)
    capsys.readouterr()

    tokens = document(sign_in(auth, email=email))
    sign_in(auth, "kanarienvogel-4711", email)
    call(auth, "POST", REFRESH, body={"refresh_token": tokens["refresh_token"]})
    call(auth, "POST", TOKEN, body={"email": email, "session": SESSION, "new_password": "kanarienvogel-4711"})

    written = capsys.readouterr().out
    assert written.count("\n") == 4
    assert "kanarienvogel" not in written
    assert PASSWORD not in written
    assert not [token for token in (tokens["access_token"], tokens["refresh_token"]) if token in written]
