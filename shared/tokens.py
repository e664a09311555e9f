"""Tokens that the stage signs itself: HS256, by a key that only its secret holds.

They stand in for an identity provider: the claims are those of its access tokens, so that what reads a verified
token does not depend on who issued it.
"""

import time
from typing import NamedTuple

import jwt

from schemas.routes import Role

ALGORITHM = "HS256"
AUDIENCE = "sitewire-api"
LONGEST_TOKEN = 8 * 1024
"""Characters; a longer one is refused unread."""

_LEEWAY_SECONDS = 10
_CLAIMS = ("aud", "exp", "iat", "iss", "role", "sub")


class InvalidTokenError(Exception):
    """Raised when a token must not be trusted; the message is a reason that may be logged."""


class Identity(NamedTuple):
    """Who a verified token speaks for."""

    subject: str
    role: Role


def sign(subject: str, role: Role, *, key: str, issuer: str, lifetime_seconds: int) -> str:
    """Return a token for `subject`."""
    now = int(time.time())
    claims = {
        "sub": subject, "role": role.name.lower(), "iss": issuer, "aud": AUDIENCE, "iat": now,
        "exp": now + lifetime_seconds,
    }  # fmt: skip
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def verify(token: str, *, key: str, issuer: str) -> Identity:
    """Return whom a token speaks for.

    Raises
    ------
    InvalidTokenError
        When it is too long, not signed by `key`, expired, from elsewhere, or lacks a claim.
    """
    if len(token) > LONGEST_TOKEN:
        message = "TokenTooLong"
        raise InvalidTokenError(message)
    try:
        decoded = jwt.decode_complete(
            token, key, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=issuer, leeway=_LEEWAY_SECONDS,
            options={"require": list(_CLAIMS), "strict_aud": True},
        )  # fmt: skip
        claims = decoded["payload"]
        if decoded["header"].get("typ", "JWT") != "JWT":
            raise InvalidTokenError("WrongType")
        # PyJWT reads "5" as 5; a claim of another type than ours was not written by us.
        if not all(type(claims[name]) is int for name in ("exp", "iat")):
            raise InvalidTokenError("WrongClaimType")
        return Identity(claims["sub"], Role[str(claims["role"]).upper()])
    except jwt.PyJWTError as error:
        raise InvalidTokenError(type(error).__name__) from None
    except KeyError:
        message = "UnknownRole"
        raise InvalidTokenError(message) from None
