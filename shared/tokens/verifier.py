"""Verify an access token and tell whom it speaks for."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

import jwt

from schemas.routes import Role
from shared.tokens.issuers import COGNITO, Issuer
from shared.tokens.keys import LONGEST_KEY_ID, KeyCache

LONGEST_TOKEN = 8 * 1024
"""Characters; a longer one is refused unread."""
LEEWAY_SECONDS = 10
"""How far the issuer's clock may be from ours."""
LONGEST_SUBJECT = 255
"""Characters of a `sub`, which OpenID Connect Core 1.0, section 2, bounds so and holds to ASCII."""

Tier = Literal["standard", "premium"]

# A claim set nests two or three deep. Bounding how many objects and arrays there are bounds how deep they nest, well
# before the parser's recursion does.
_MOST_CONTAINERS = 128
_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_TYPES = ("JWT", "at+jwt")
# Each says to verify by other means than the issuer's own keys, or changes what was signed. No access token needs one.
_REFUSED_HEADERS = frozenset({"b64", "crit", "enc", "jku", "jwk", "x5c", "x5u", "zip"})
# What only an ID token holds: OpenID Connect Core 1.0, sections 2 and 3.3.2.11.
_ID_TOKEN_CLAIMS = frozenset({"at_hash", "c_hash", "nonce"})
_ROLES = {role.name.lower(): role for role in Role if role > Role.PUBLIC}
_PREMIUM = "premium"

_REASONS: dict[type[jwt.PyJWTError], str] = {
    jwt.ExpiredSignatureError: "expired",
    jwt.ImmatureSignatureError: "not-yet-valid",
    jwt.InvalidAudienceError: "wrong-audience",
    jwt.MissingRequiredClaimError: "claim-missing",
}


class InvalidTokenError(Exception):
    """Raised when a token must not be trusted; the message is a reason that may be logged."""


class Identity(NamedTuple):
    """Whom a verified token speaks for."""

    subject: str
    role: Role
    tier: Tier


class Verifier:
    """Verifier of the tokens of some issuers, each by its own keys.

    Parameters
    ----------
    issuers
        Whose tokens are accepted.
    key_cache
        From an issuer to its keys.
    """

    def __init__(self, issuers: Iterable[Issuer], key_cache: Callable[[Issuer], KeyCache]) -> None:
        self._issuers = {issuer.issuer: (issuer, key_cache(issuer)) for issuer in issuers}

    def verify(self, token: str) -> Identity:
        """Return whom a token speaks for.

        Raises
        ------
        InvalidTokenError
            When there is any doubt about it.
        """
        parts = _read(token)
        key_id = _key_id(parts.header)
        issuer, keys = self._trusted(parts.claims.get("iss"))
        _check_kind(parts.claims, issuer)
        key = keys.find(key_id)
        if key is None:
            raise InvalidTokenError("unknown-key" if keys.available else "keys-unavailable")
        _check_signature(parts, key)
        _REGISTERED.check(parts.claims, issuer)
        groups = _groups(parts.claims, issuer)
        role = max((_ROLES[group] for group in groups if group in _ROLES), default=Role.PUBLIC)
        return Identity(parts.claims["sub"], role, "premium" if _PREMIUM in groups else "standard")

    def _trusted(self, name: object) -> tuple[Issuer, KeyCache]:
        """Return the issuer that a token names, before anything is asked of anybody because of it."""
        if not isinstance(name, str) or name not in self._issuers:
            raise InvalidTokenError("claim-missing" if name is None else "unknown-issuer")
        return self._issuers[name]


class _Parts(NamedTuple):
    """What a token claims, and what the signature must prove of it."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes


def _read(token: str) -> _Parts:
    """Read a token; nothing in it is to be trusted yet."""
    if len(token) > LONGEST_TOKEN:
        message = "too-long"
        raise InvalidTokenError(message)
    segments = _COMPACT.fullmatch(token)
    message = "malformed"
    if segments is None:
        raise InvalidTokenError(message)
    try:
        header, claims, signature = map(_decoded, segments.groups())
        return _Parts(_object(header), _object(claims), token[: segments.end(2)].encode(), signature)
    except ValueError:
        raise InvalidTokenError(message) from None


def _decoded(segment: str) -> bytes:
    """Return the bytes of a segment that is the one way to write them, so that no token has a twin."""
    raw = urlsafe_b64decode(segment + "==")  # more padding than is due is ignored
    if urlsafe_b64encode(raw).rstrip(b"=") != segment.encode():
        raise ValueError
    return raw


def _object(raw: bytes) -> dict[str, Any]:
    if raw.count(b"{") + raw.count(b"[") > _MOST_CONTAINERS:
        raise ValueError
    document = _DECODER.decode(raw.decode())
    if not isinstance(document, dict):
        raise ValueError
    return document


def _without_duplicates(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of an object; of two with one name, two parsers may choose differently."""
    document = dict(members)
    if len(document) != len(members):
        raise ValueError
    return document


def _no_number(_constant: str) -> None:
    """Refuse NaN and the infinities, which are not JSON."""
    raise ValueError


_DECODER = json.JSONDecoder(object_pairs_hook=_without_duplicates, parse_constant=_no_number)


def _key_id(header: dict[str, Any]) -> str:
    """Return the name of the key that a token is said to be signed by, if its header asks for nothing unusual."""
    if not _REFUSED_HEADERS.isdisjoint(header):
        message = "header-refused"
        raise InvalidTokenError(message)
    if header.get("typ", "JWT") not in _TYPES:
        message = "wrong-type"
        raise InvalidTokenError(message)
    key_id = header.get("kid")
    if not isinstance(key_id, str) or not 0 < len(key_id) <= LONGEST_KEY_ID:
        message = "no-key-id"
        raise InvalidTokenError(message)
    return key_id


def _check_kind(claims: dict[str, Any], issuer: Issuer) -> None:
    """Check that the claims are those of an access token, and in a Cognito token that it is made for us."""
    use = claims.get("token_use", None if issuer.kind == COGNITO else "access")
    if use != "access" or not _ID_TOKEN_CLAIMS.isdisjoint(claims):
        message = "not-an-access-token"
        raise InvalidTokenError(message)
    if issuer.kind == COGNITO and ("aud" in claims or claims.get("client_id") != issuer.audience):
        message = "wrong-audience"
        raise InvalidTokenError(message)


def _check_signature(parts: _Parts, key: jwt.PyJWK) -> None:
    """Check the signature by the key's own algorithm, which the header may name and not choose.

    `jwt.decode` would read the token a second time, and spends two fifths of its time on its alphabet, which was
    checked. What proves the signature is the same.
    """
    if parts.header.get("alg") != key.algorithm_name:
        message = "wrong-algorithm"
        raise InvalidTokenError(message)
    if not key.Algorithm.verify(parts.signed, key.key, parts.signature):
        message = "bad-signature"
        raise InvalidTokenError(message)


class _RegisteredClaims(jwt.PyJWT):
    """PyJWT's checks of claims, for claims that are read already, with those that it is too lenient for."""

    def __init__(self) -> None:
        super().__init__({"require": ["exp", "iat", "iss", "sub"], "strict_aud": True})

    def check(self, claims: dict[str, Any], issuer: Issuer) -> None:
        """Check presence, times, issuer, audience and subject."""
        # PyJWT reads "5", 5.9 and true as numbers. `bool` is an `int` in Python, hence the comparison of types.
        if any(type(claims[name]) is not int for name in ("exp", "iat", "nbf") if name in claims):
            message = "claim-malformed"
            raise InvalidTokenError(message)
        audience = None if issuer.kind == COGNITO else issuer.audience
        try:
            self._validate_claims(claims, self.options, audience=audience, issuer=issuer.issuer, leeway=LEEWAY_SECONDS)
        except jwt.PyJWTError as error:
            raise InvalidTokenError(_REASONS.get(type(error), "claim-malformed")) from None
        subject = claims["sub"]
        if not (0 < len(subject) <= LONGEST_SUBJECT and subject.isascii() and subject.isprintable()):
            message = "claim-malformed"
            raise InvalidTokenError(message)


_REGISTERED = _RegisteredClaims()


def _groups(claims: dict[str, Any], issuer: Issuer) -> list[str]:
    groups = claims.get(issuer.role_claim, [])
    if isinstance(groups, str) and issuer.kind != COGNITO:
        return [groups]
    if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
        message = "claim-malformed"
        raise InvalidTokenError(message)
    return groups
