"""Issuers with keys of their own, and tokens of every kind, honest or not, by them."""

import base64
import json
import time
from functools import cache
from typing import Any, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from shared.tokens.issuers import COGNITO, OIDC, Issuer

SUBJECT = "01990000-0000-7000-8000-000000000001"
ISSUERS = {
    COGNITO: Issuer(
        "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a1B2c3D4e",
        "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a1B2c3D4e/.well-known/jwks.json",
        "1h57kf5cpq17m0eml12EXAMPLE", COGNITO, "cognito:groups",
    ),
    OIDC: Issuer(
        "https://issuer.example.org", "https://issuer.example.org/keys", "sitewire-api", OIDC, "https://example.org/roles"
    ),
}  # fmt: skip
ALGORITHMS = ("RS256", "ES256")
FLAVOURS = [(kind, algorithm) for kind in ISSUERS for algorithm in ALGORITHMS]

_LIFETIME = 3600


def private_key(algorithm: str, name: str = "first", size: int = 2048) -> Any:
    """Return the key called `name`, the same one every time."""
    return _generated(algorithm, name, size)


@cache
def _generated(algorithm: str, _name: str, size: int) -> Any:
    if algorithm == "RS256":
        return rsa.generate_private_key(public_exponent=65537, key_size=size)
    return ec.generate_private_key(ec.SECP384R1() if algorithm == "ES384" else ec.SECP256R1())


def jwk(algorithm: str, name: str = "first", **changes: Any) -> dict[str, Any]:
    """Return the public key called `name` as an issuer publishes it; a member of None is left out."""
    kind = jwt.algorithms.RSAAlgorithm if algorithm == "RS256" else jwt.algorithms.ECAlgorithm
    public = kind.to_jwk(private_key(algorithm, name).public_key(), as_dict=True)
    public.pop("key_ops", None)
    entry = {**public, "kid": key_id(algorithm, name), "alg": algorithm, "use": "sig", **changes}
    return {member: value for member, value in entry.items() if value is not None}


def key_id(algorithm: str, name: str = "first") -> str:
    """Return the `kid` of the key called `name`."""
    return f"{algorithm}-{name}"


def key_set(*entries: dict[str, Any]) -> bytes:
    """Return a key set; if no entries are given, the first key of each algorithm."""
    return json.dumps({"keys": list(entries or map(jwk, ALGORITHMS))}).encode()


class Flavour(NamedTuple):
    """A kind of issuer and the algorithm it signs with."""

    kind: str
    algorithm: str

    @property
    def issuer(self) -> Issuer:
        """Return the issuer."""
        return ISSUERS[self.kind]

    def header(self, **changes: Any) -> dict[str, Any]:
        """Return the header of an honest token, with changes."""
        return {"alg": self.algorithm, "kid": key_id(self.algorithm), **changes}

    def claims(self, *roles: str, without: Any = "", **changes: Any) -> dict[str, Any]:
        """Return the claims of an honest access token, with changes."""
        now = int(time.time())
        claims = {"iss": self.issuer.issuer, "sub": SUBJECT, "iat": now, "exp": now + _LIFETIME}
        claims |= {"jti": "01990000-0000-7000-8000-000000000002", self.issuer.role_claim: list(roles or ["editor"])}
        if self.kind == COGNITO:
            claims |= {"client_id": self.issuer.audience, "token_use": "access", "version": 2, "username": "ada"}
        else:
            claims["aud"] = self.issuer.audience
        return {name: value for name, value in (claims | changes).items() if name != without}

    def token(self, *roles: str, without: Any = "", **changes: Any) -> str:
        """Return a token of the issuer with changed claims."""
        return signed(self.header(), self.claims(*roles, without=without, **changes), self.algorithm)

    def by(self, name: str) -> str:
        """Return a token signed by the key called `name`."""
        header = self.header(kid=key_id(self.algorithm, name))
        return signed(header, self.claims(), self.algorithm, key=private_key(self.algorithm, name))

    def headed(self, **changes: Any) -> str:
        """Return a token of the issuer with a changed header."""
        return signed(self.header(**changes), self.claims(), self.algorithm)


def signed(header: object, payload: object, algorithm: str, *, key: Any = None) -> str:
    """Return whatever `header` and `payload` are, signed by the issuer's key unless told otherwise."""
    content = f"{segment(header)}.{segment(payload)}"
    signer = jwt.get_algorithm_by_name(algorithm)
    return f"{content}.{segment(signer.sign(content.encode(), key or private_key(algorithm)))}"


def segment(document: object) -> str:
    """Return bytes, or a document as JSON, in base64url."""
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
