"""Tokens that an issuer signed, but not as an access token, not for us, or not for this moment."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.tokens.verifier import LEEWAY_SECONDS
from tests.unit.functions.authorizer.conftest import Desk
from tests.unit.shared.tokens.issuing import SUBJECT, Flavour, signed

NOW = 1_800_000_000
NAN = float("nan")
INFINITY = float("inf")

COGNITO = [Flavour("cognito", "RS256"), Flavour("cognito", "ES256")]
OIDC = [Flavour("oidc", "RS256"), Flavour("oidc", "ES256")]


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock by which PyJWT judges a token."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Stopped":
            return cls.fromtimestamp(NOW, tz or UTC)

    monkeypatch.setattr("jwt.api_jwt.datetime", Stopped)


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize(
    ("claim", "last_good", "step", "reason"),
    [
        ("exp", NOW - LEEWAY_SECONDS + 1, -1, "expired"),
        ("nbf", NOW + LEEWAY_SECONDS, 1, "not-yet-valid"),
        ("iat", NOW + LEEWAY_SECONDS, 1, "not-yet-valid"),
    ],
)
def test_clocks_may_differ_by_the_leeway_and_no_second_more(
    desk: Desk, flavour: Flavour, claim: str, last_good: int, step: int, reason: str
) -> None:
    times = {"iat": NOW - 60, "exp": NOW + 60, "nbf": NOW - 60}

    desk.accepts(flavour.token(**(times | {claim: last_good})))
    desk.refuses(flavour.token(**(times | {claim: last_good + step})), reason)


def test_the_leeway_is_ten_seconds() -> None:
    assert LEEWAY_SECONDS == 10


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": -60}, "expired"), ({"exp": -86_400}, "expired"),
        ({"nbf": 60}, "not-yet-valid"), ({"iat": 60}, "not-yet-valid"),
    ],
    ids=str,
)  # fmt: skip
def test_a_token_out_of_its_time_is_refused(desk: Desk, flavour: Flavour, changes: dict[str, int], reason: str) -> None:
    now = int(time.time())
    desk.accepts(flavour.token(nbf=now))

    desk.refuses(flavour.token(**{name: now + seconds for name, seconds in changes.items()}), reason)


@pytest.mark.parametrize(
    ("claim", "reasons"),
    [
        ("iss", "claim-missing claim-missing"), ("sub", "claim-missing claim-missing"),
        ("exp", "claim-missing claim-missing"), ("iat", "claim-missing claim-missing"),
        ("aud", "accepted claim-missing"), ("client_id", "wrong-audience accepted"),
        ("token_use", "not-an-access-token accepted"),
    ],
)  # fmt: skip
def test_each_claim_that_is_missing_is_missed(desk: Desk, flavour: Flavour, claim: str, reasons: str) -> None:
    reason = reasons.split()[flavour.kind == "oidc"]
    desk.accepts(flavour.token())
    token = flavour.token(without=claim)

    if reason == "accepted":
        desk.accepts(token)
    else:
        desk.refuses(token, reason)


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
@pytest.mark.parametrize(
    "spelling",
    [
        str, float, lambda good: [good], lambda good: {"seconds": good}, lambda good: good + 0.5, lambda _: 1e300,
        lambda _: "later", lambda _: "", lambda _: None, lambda _: True, lambda _: False,
    ],
    ids=["text", "float", "list", "object", "fraction", "huge", "word", "empty", "null", "true", "false"],
)  # fmt: skip
def test_a_time_that_is_no_whole_number_is_refused(
    desk: Desk, flavour: Flavour, claim: str, spelling: Callable[[int], Any]
) -> None:
    good = int(time.time()) + (3600 if claim == "exp" else -60)
    desk.accepts(flavour.token(**{claim: good}))

    desk.refuses(flavour.token(**{claim: spelling(good)}), "claim-malformed")


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf", "note"])
@pytest.mark.parametrize("value", [NAN, INFINITY, -INFINITY], ids=str)
def test_a_number_that_json_does_not_have_is_refused(desk: Desk, flavour: Flavour, claim: str, value: float) -> None:
    desk.accepts(flavour.token(note=1.5))

    desk.refuses(flavour.token(**{claim: value}), "malformed")


@pytest.mark.parametrize("flavour", OIDC, ids="-".join)
@pytest.mark.parametrize(
    "audience",
    [
        "another-api", "sitewire-ap", "sitewire-api-2", "itewire-api", " sitewire-api", "SITEWIRE-API", "sitewire",
        ["sitewire-api"], ["sitewire-api", "another-api"], ["another-api"], {"sitewire-api": 1}, 5, True,
        [["sitewire-api"]],
    ],
    ids=str,
)  # fmt: skip
def test_an_audience_that_is_not_exactly_ours_is_refused(desk: Desk, flavour: Flavour, audience: Any) -> None:
    desk.accepts(flavour.token(aud="sitewire-api"))

    desk.refuses(flavour.token(aud=audience), "wrong-audience")


@pytest.mark.parametrize("flavour", OIDC, ids="-".join)
@pytest.mark.parametrize("audience", ["", None, [], {}, 0, False], ids=repr)
def test_an_audience_that_is_empty_is_missing(desk: Desk, flavour: Flavour, audience: Any) -> None:
    desk.accepts(flavour.token())

    desk.refuses(flavour.token(aud=audience), "claim-missing")


@pytest.mark.parametrize("flavour", COGNITO, ids="-".join)
@pytest.mark.parametrize("value", ["another-client", "prefix", "suffix", "", None, 5, "list"], ids=repr)
def test_a_cognito_token_of_another_client_is_refused(desk: Desk, flavour: Flavour, value: Any) -> None:
    own = flavour.issuer.audience
    desk.accepts(flavour.token(client_id=own))
    value = {"prefix": own[:-1], "suffix": own + "x", "list": [own]}.get(value, value)

    desk.refuses(flavour.token(client_id=value), "wrong-audience")


@pytest.mark.parametrize("flavour", COGNITO, ids="-".join)
@pytest.mark.parametrize("audience", ["own", "https://another-api.example.org", "", None, ["own"]], ids=repr)
def test_a_cognito_token_bound_to_a_resource_is_refused(desk: Desk, flavour: Flavour, audience: Any) -> None:
    desk.accepts(flavour.token())

    desk.refuses(flavour.token(aud=flavour.issuer.audience if audience == "own" else audience), "wrong-audience")


@pytest.mark.parametrize(
    "alter",
    [
        lambda issuer: issuer + "/", lambda issuer: issuer[:-1], lambda issuer: issuer + ".evil.example",
        lambda issuer: issuer.replace("https", "http"), str.upper, lambda issuer: " " + issuer,
        lambda issuer: issuer + "\x00", lambda _: "", lambda _: "https://evil.example", lambda issuer: [issuer],
        lambda issuer: {issuer: 1}, lambda _: 5, lambda _: True,
    ],
    ids=range(13),
)  # fmt: skip
def test_an_issuer_that_is_not_exactly_known_is_refused_before_anything_is_fetched(
    desk: Desk, flavour: Flavour, alter: Any
) -> None:
    desk.refuses(flavour.token(iss=alter(flavour.issuer.issuer)), "unknown-issuer")
    assert desk.fetched == []

    desk.accepts(flavour.token())
    assert desk.fetched == [flavour.issuer.jwks_url]


@pytest.mark.parametrize(
    "marks",
    [
        {"token_use": "id"}, {"token_use": "refresh"}, {"token_use": None}, {"token_use": ["access"]},
        {"token_use": "ACCESS"}, {"nonce": "n-0S6"}, {"nonce": None}, {"at_hash": "MTIzNDU2"}, {"c_hash": "MTIzNDU2"},
    ],
    ids=str,
)  # fmt: skip
def test_an_id_token_in_place_of_an_access_token_is_refused(
    desk: Desk, flavour: Flavour, marks: dict[str, Any]
) -> None:
    desk.accepts(flavour.token(token_use="access"))

    desk.refuses(flavour.token(**marks), "not-an-access-token")


@pytest.mark.parametrize("flavour", COGNITO, ids="-".join)
def test_an_id_token_as_cognito_issues_it_is_refused(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token())
    claims = flavour.claims(without="client_id", token_use="id", aud=flavour.issuer.audience, email="ada@example.org")

    desk.refuses(signed(flavour.header(), claims, flavour.algorithm), "not-an-access-token")


@pytest.mark.parametrize(
    "subject",
    ["", None, 5, True, ["ada"], {"ada": 1}, "x" * 256, "a\nb", "a\x00b", "a\x1b[2J", "Ädä", "\u202eada", "\ud800"],
    ids=lambda value: ascii(value)[:16],
)  # fmt: skip
def test_a_subject_that_is_no_plain_text_is_refused(desk: Desk, flavour: Flavour, subject: Any) -> None:
    desk.accepts(flavour.token(sub="x" * 255))

    desk.refuses(flavour.token(sub=subject), "claim-missing" if subject is None else "claim-malformed")


@pytest.mark.parametrize("value", [None, 5, True, {"admin": 1}, [["admin"]], ["editor", 5], ["editor", None]], ids=str)
def test_roles_of_another_type_are_refused(desk: Desk, flavour: Flavour, value: Any) -> None:
    desk.accepts(flavour.token("editor"))

    desk.refuses(flavour.token(**{flavour.issuer.role_claim: value}), "claim-malformed")


@pytest.mark.parametrize("flavour", COGNITO, ids="-".join)
def test_the_groups_of_a_cognito_token_are_a_list(desk: Desk, flavour: Flavour) -> None:
    desk.accepts(flavour.token("admin"))

    desk.refuses(flavour.token(**{"cognito:groups": "admin"}), "claim-malformed")


def test_a_claim_that_nobody_asks_for_is_ignored(desk: Desk, flavour: Flavour) -> None:
    assert desk.accepts(flavour.token(permissions=["*"], admin=True))["principalId"] == SUBJECT
