"""Requests that may show a token, verified with keys that are fetched over real sockets."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from local.paths import ROOT
from schemas.routes import Role
from shared.http.callers import Caller, OptionalCaller
from shared.http.request import Request, parse_request
from shared.problems import InvalidTokenProblemError
from shared.settings import SettingsError
from tests.unit import events
from tests.unit.shared.aws.endpoints import Endpoint, endpoint, http
from tests.unit.shared.tokens.issuing import FLAVOURS, ISSUERS, SUBJECT, Flavour, key_set, private_key, signed

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

OIDC = Flavour("oidc", "ES256")
CANARY = "kanarienvogel-4711"

each_flavour = pytest.mark.parametrize("flavour", [Flavour(*flavour) for flavour in FLAVOURS], ids="-".join)


@pytest.fixture
def issuers() -> Iterator[Endpoint]:
    """Return where the keys of each issuer can be fetched once."""
    with endpoint([http(key_set())], [http(key_set())]) as server:
        yield server


@pytest.fixture
def callers(issuers: Endpoint) -> OptionalCaller:
    trusted = [issuer._replace(jwks_url=f"{issuers.url}/keys")._asdict() for issuer in ISSUERS.values()]
    return OptionalCaller(json.dumps(trusted), service="query_projects")


def request(header: str | None = None) -> Request:
    return parse_request(events.http_event("api_post_contact", headers={"Authorization": header}))


def refused(callers: OptionalCaller, header: str) -> InvalidTokenProblemError:
    with pytest.raises(InvalidTokenProblemError) as caught:
        callers.identify(request(header))
    return caught.value


def line_of(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (written,) = capsys.readouterr().out.splitlines()
    line: dict[str, Any] = json.loads(written)
    return line


def test_who_shows_no_token_is_anonymous(
    callers: OptionalCaller, issuers: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callers.identify(request()) == Caller("", Role.PUBLIC)

    assert capsys.readouterr().out == ""
    assert issuers.connections == 0


@each_flavour
@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.ADMIN])
def test_a_token_tells_who_calls(callers: OptionalCaller, flavour: Flavour, role: Role) -> None:
    token = flavour.token(role.name.lower())

    assert callers.identify(request(f"Bearer {token}")) == Caller(SUBJECT, role)


def test_a_token_without_a_role_opens_no_more_than_none(callers: OptionalCaller) -> None:
    assert callers.identify(request(f"Bearer {OIDC.token('staff')}")) == Caller(SUBJECT, Role.PUBLIC)


@each_flavour
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": 1}, "expired"),
        ({"iss": "https://evil.example"}, "unknown-issuer"),
        ({"token_use": "id"}, "not-an-access-token"),
        ({"nonce": "n-1"}, "not-an-access-token"),
    ],
    ids=["expired", "wrong issuer", "ID token of a pool", "ID token"],
)
def test_a_token_that_cannot_be_trusted_is_refused(
    callers: OptionalCaller, capsys: pytest.CaptureFixture[str], flavour: Flavour, changes: dict[str, Any], reason: str
) -> None:
    callers.identify(request(f"Bearer {flavour.token()}"))

    refused(callers, f"Bearer {flavour.token(**changes)}")

    assert line_of(capsys)["reason"] == reason


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "no-bearer-token"),
        ("{token}", "no-bearer-token"),
        ("Basic YTpi", "no-bearer-token"),
        ("Bearer", "malformed"),
        ("Bearer {token}, Bearer {token}", "malformed"),
        ("Bearer {token}, Basic YTpi", "malformed"),
        ("Basic YTpi, Bearer {token}", "no-bearer-token"),
    ],
)
def test_anything_but_one_bearer_token_is_refused(
    callers: OptionalCaller, capsys: pytest.CaptureFixture[str], header: str, reason: str
) -> None:
    token = OIDC.token()
    callers.identify(request(f"Bearer {token}"))

    refused(callers, header.format(token=token))

    assert line_of(capsys)["reason"] == reason


def test_a_refusal_asks_for_a_token_and_does_not_tell_what_was_wrong(callers: OptionalCaller) -> None:
    problems = [refused(callers, header) for header in ("Basic YTpi", f"Bearer {OIDC.token(exp=1)}")]

    for problem in problems:
        assert (problem.status, problem.slug, problem.title) == (401, "invalid-token", "Invalid token")
        assert problem.headers == {"WWW-Authenticate": "Bearer"}
        # The request's own line would describe a cause, as something that broke.
        assert problem.__cause__ is None
    assert problems[0].detail == problems[1].detail


def test_a_refusal_is_logged_and_counted_as_the_authorizers_are(
    callers: OptionalCaller, capsys: pytest.CaptureFixture[str]
) -> None:
    header = f"Bearer {OIDC.token(exp=1)}"
    asked = request(header)

    refused(callers, header)

    line = line_of(capsys)
    assert (line["level"], line["message"], line["service"]) == ("WARNING", "token refused", "query_projects")
    assert (line["Denied"], line["reason"]) == (1, "expired")
    assert (line["request_id"], line["correlation_id"]) == (asked.request_id, asked.correlation_id)


@pytest.mark.parametrize(
    "token",
    [
        OIDC.token(note=CANARY, exp=1),
        OIDC.token(sub=CANARY, exp=1),
        OIDC.token(iss=CANARY),
        OIDC.headed(kid=CANARY),
        signed(OIDC.header(), OIDC.claims(CANARY), "ES256", key=private_key("ES256", "mine")),
        CANARY,
    ],
    ids=range(6),
)
def test_no_line_and_no_problem_holds_anything_of_a_token(
    callers: OptionalCaller, capsys: pytest.CaptureFixture[str], token: str
) -> None:
    problem = refused(callers, f"Bearer {token}")

    shown = capsys.readouterr().out + repr((problem, problem.errors, problem.headers))
    assert not [part for part in (CANARY, SUBJECT, *token.split(".")) if part in shown]


def test_keys_are_fetched_once_for_all_requests(callers: OptionalCaller, issuers: Endpoint) -> None:
    for _ in range(3):
        callers.identify(request(f"Bearer {OIDC.token()}"))
        refused(callers, f"Bearer {OIDC.token(exp=1)}")

    assert [received.line for received in issuers.received] == ["GET /keys HTTP/1.1"]


def test_keys_that_cannot_be_had_are_logged_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    with endpoint([http(status="503 Unavailable")]) as server:
        issuer = OIDC.issuer._replace(jwks_url=f"{server.url}/keys")
        refused(OptionalCaller(json.dumps([issuer._asdict()]), service="query_projects"), f"Bearer {OIDC.token()}")

    unavailable, denied = map(json.loads, capsys.readouterr().out.splitlines())
    assert (unavailable["service"], unavailable["reason"]) == ("query_projects", "http-503")
    assert unavailable["KeysUnavailable"] == 1
    assert denied["reason"] == "keys-unavailable"


def test_a_setting_that_lists_nobody_lets_nobody_in() -> None:
    callers = OptionalCaller("[]", service="query_projects")

    with pytest.raises(SettingsError):
        callers.identify(request(f"Bearer {OIDC.token()}"))


_PROGRAM = """
import json, os, sys
sys.path.insert(0, os.getcwd())
from shared.http.callers import ANONYMOUS, OptionalCaller
from shared.http.request import parse_request
found = OptionalCaller(sys.argv[1], service="query_projects").identify(parse_request(json.loads(sys.argv[2])))
assert found == ANONYMOUS
print(*sys.modules)
"""


def test_who_shows_no_token_does_not_wait_for_what_verifies_one() -> None:
    issuers = json.dumps([issuer._asdict() for issuer in ISSUERS.values()])
    event = json.dumps(events.http_event("api_post_contact", headers={"Authorization": None}))

    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, issuers, event], cwd=ROOT, env={}, capture_output=True, text=True, check=True
    )

    loaded = done.stdout.split()
    assert "shared.http.callers" in loaded
    assert {"cryptography", "jwt", "shared.tokens"}.isdisjoint(loaded)
