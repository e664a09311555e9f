import base64
import json
import time
from typing import Any

import jwt
import pytest

from schemas.routes import Role
from shared.tokens import ALGORITHM, AUDIENCE, LONGEST_TOKEN, InvalidTokenError, sign, verify

KEY = "the-signing-key-of-a-stage-that-is-long-enough"
ISSUER = "https://local.sitewire.invalid"
NOW = int(time.time())
CLAIMS = {"sub": "ada", "role": "editor", "iss": ISSUER, "aud": AUDIENCE, "iat": NOW, "exp": NOW + 3600}


def token(*, headers: dict[str, Any] | None = None, key: str = KEY, without: str = "", **changes: Any) -> str:
    """Return a token signed by the right key, unless told otherwise, with changed claims or headers."""
    claims = {name: value for name, value in (CLAIMS | changes).items() if name != without}
    return jwt.api_jws.encode(json.dumps(claims).encode(), key, algorithm=ALGORITHM, headers=headers)


def encoded(document: object) -> str:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(header: object, *, signature: str = "c2lnbmF0dXJl") -> str:
    """Return a token of somebody who has no key."""
    return f"{encoded(header)}.{encoded(CLAIMS)}.{signature}"


def verified(candidate: str) -> Any:
    return verify(candidate, key=KEY, issuer=ISSUER)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.ADMIN])
def test_a_token_that_was_signed_speaks_for_its_subject(role: Role) -> None:
    signed = sign("ada", role, key=KEY, issuer=ISSUER, lifetime_seconds=60)

    assert verified(signed) == ("ada", role)


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "NONE", "nOnE", "", "HS384", "RS256", "hs256", None, 5, ["HS256"]]
)
@pytest.mark.parametrize("signature", ["", "c2lnbmF0dXJl"])
def test_another_algorithm_is_refused(algorithm: object, signature: str) -> None:
    with pytest.raises(InvalidTokenError):
        verified(forged({"alg": algorithm, "typ": "JWT"}, signature=signature))


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c"])
def test_a_token_that_brings_its_own_key_is_refused(name: str) -> None:
    own = {"kty": "oct", "k": encoded(b"mine")}
    header = {"alg": "HS256", "typ": "JWT", name: own if name == "jwk" else "https://evil.example/key"}

    with pytest.raises(InvalidTokenError):
        verified(token(key="mine" * 16, headers=header))


@pytest.mark.parametrize("kid", ["../../dev/null", "' OR 1=1 --", "x" * 4096, "\x00", ""])
def test_a_key_id_leads_to_no_other_key(kid: str) -> None:
    with pytest.raises(InvalidTokenError):
        verified(token(key="another-key-that-is-long-enough-to-be-one", headers={"kid": kid}))


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("exp", NOW - 60), ("exp", str(NOW + 3600)), ("exp", [NOW + 3600]), ("exp", None), ("exp", float("nan")),
        ("exp", float("inf")), ("exp", {}), ("exp", True),
        ("iat", NOW + 3600), ("iat", "now"), ("iat", None), ("iat", []),
        ("nbf", NOW + 3600), ("nbf", "later"),
        ("aud", "another-api"), ("aud", AUDIENCE[:-1]), ("aud", AUDIENCE + "-2"), ("aud", [AUDIENCE]),
        ("aud", ["another-api", AUDIENCE]), ("aud", ""), ("aud", None), ("aud", 5),
        ("iss", ISSUER + "/"), ("iss", ISSUER[:-1]), ("iss", ISSUER + ".evil.example"), ("iss", [ISSUER]),
        ("iss", None),
        ("sub", 5), ("sub", None), ("sub", ["ada"]),
        ("role", "owner"), ("role", ""), ("role", None), ("role", 2), ("role", ["admin"]), ("role", "__class__"),
    ],
    ids=lambda value: value if str(value) in CLAIMS or value == "nbf" else type(value).__name__,
)  # fmt: skip
def test_a_claim_that_is_not_as_it_must_be_is_refused(claim: str, value: Any) -> None:
    with pytest.raises(InvalidTokenError):
        verified(token(**{claim: value}))


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_token_that_lacks_a_claim_is_refused(claim: str) -> None:
    with pytest.raises(InvalidTokenError, match="MissingRequiredClaimError"):
        verified(token(without=claim))


@pytest.mark.parametrize(
    "headers",
    [{"crit": ["unknown"], "unknown": 1}, {"b64": False}, {"typ": "at+jwt"}, {"typ": "JWE"}, {"typ": 5}],
    ids=str,
)
def test_a_header_that_changes_what_the_token_means_is_refused(headers: dict[str, Any]) -> None:
    with pytest.raises(InvalidTokenError):
        verified(token(headers=headers))


@pytest.mark.parametrize(
    "candidate",
    [
        "", ".", "..", "...", "a", "a.b", "a.b.c", "a.b.c.d", "a.b.c.d.e", "é.ü.ñ", "\x00.\x00.\x00",
        f"{encoded(None)}.{encoded(CLAIMS)}.", f"{encoded([])}.{encoded(CLAIMS)}.", f"{encoded(b'{')}.{encoded(b'}')}.",
        f"{encoded(b'{"alg":"none","alg":"HS256"}')}.{encoded(CLAIMS)}.",
        f"{encoded(b'{"alg":"HS256","alg":"none"}')}.{encoded(CLAIMS)}.",
        f"{encoded(b'\xff')}.{encoded(b'\xfe')}.x", f"{encoded(b'[' * 5900)}.e30.x",
        token()[:-1], token().rpartition(".")[0], token().rpartition(".")[0] + ".", token() + ".", token() + "A",
        f"{token()}, {token()}", f" {token()}",
    ],
    ids=lambda candidate: ascii(candidate[:24]),
)  # fmt: skip
def test_what_is_no_token_is_refused(candidate: str) -> None:
    with pytest.raises(InvalidTokenError):
        verified(candidate)


def test_claims_that_were_altered_are_refused() -> None:
    header, _, signature = token().split(".")

    with pytest.raises(InvalidTokenError, match="InvalidSignatureError"):
        verified(f"{header}.{encoded(CLAIMS | {'role': 'admin'})}.{signature}")


@pytest.mark.parametrize("payload", [b"[]", b"5", b"null", b'"text"', b"[" * 2000, b'{"exp":' + b"9" * 5000 + b"}"])
def test_a_signed_payload_that_holds_no_claims_is_refused(payload: bytes) -> None:
    with pytest.raises(InvalidTokenError):
        verified(jwt.api_jws.encode(payload, KEY, algorithm=ALGORITHM))


def test_a_token_that_is_too_long_is_refused_unread() -> None:
    long = token(note="x" * LONGEST_TOKEN)

    with pytest.raises(InvalidTokenError, match="TokenTooLong"):
        verified(long)


def test_a_token_of_another_stage_is_refused() -> None:
    with pytest.raises(InvalidTokenError):
        verify(token(), key=KEY, issuer="https://production.sitewire.invalid")


def test_a_clock_may_be_a_little_late() -> None:
    assert verified(token(exp=int(time.time()) - 5)).subject == "ada"


def test_the_reason_of_a_refusal_repeats_nothing_of_the_token() -> None:
    with pytest.raises(InvalidTokenError) as caught:
        verified(token(role="kanarienvogel-4711"))

    assert "kanarienvogel" not in repr(caught.value)
