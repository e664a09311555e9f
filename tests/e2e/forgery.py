"""Tokens that Cognito did not give out, some of them signed with the pool's own key."""

import hashlib
import hmac
import json
import time
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any, NamedTuple, Self

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local.outputs import Outputs
from schemas.routes import Role

NOW = int(time.time())


class Forger(NamedTuple):
    """Who has the key with which the embedded Cognito signs access tokens."""

    outputs: Outputs
    key: rsa.RSAPrivateKey
    key_id: str

    @classmethod
    def of(cls, outputs: Outputs, emulator: Path) -> Self:
        """Take the key from where the emulator keeps it; Cognito names it by its fingerprint."""
        path = emulator / "state" / "cognito-pool-keys" / f"{outputs['user_pool']}-access.pem"
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        from_issuer = jwt.PyJWKClient(f"{outputs['aws_endpoint_url']}/{outputs['user_pool']}/.well-known/jwks.json")
        numbers = key.public_key().public_numbers()
        (key_id,) = [found.key_id for found in from_issuer.get_signing_keys() if found.key.public_numbers() == numbers]
        assert key_id is not None
        return cls(outputs, key, key_id)

    def claims(self, role: Role, **changes: Any) -> dict[str, Any]:
        """Return the claims of an access token of Cognito's, with changes."""
        issuer = f"https://cognito-idp.{self.outputs['region']}.amazonaws.com/{self.outputs['user_pool']}"
        usual = {
            "sub": str(uuid.uuid4()), "iss": issuer, "token_use": "access", "iat": NOW, "exp": NOW + 900,
            "client_id": self.outputs["user_pool_client"], "cognito:groups": [role.name.lower()],
        }  # fmt: skip
        return usual | changes

    def token(self, role: Role, **changes: Any) -> str:
        """Return a token with the right signature."""
        return self._encoded(self.claims(role, **changes), self.key)

    def with_another_key(self, role: Role) -> str:
        """Return a token whose signature is of another key than the one it names."""
        return self._encoded(self.claims(role), rsa.generate_private_key(public_exponent=65537, key_size=2048))

    def with_the_public_key(self, role: Role) -> str:
        """Return a token that uses the published key as the secret of an HMAC."""
        secret = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        # By hand, because PyJWT refuses to be that careless.
        parts = ({"alg": "HS256", "kid": self.key_id, "typ": "JWT"}, self.claims(role))
        signed = b".".join(_base64url(json.dumps(part).encode()) for part in parts)
        return (signed + b"." + _base64url(hmac.digest(secret, signed, hashlib.sha256))).decode()

    def _encoded(self, claims: dict[str, Any], key: rsa.RSAPrivateKey) -> str:
        try:
            return jwt.encode(claims, key, algorithm="RS256", headers={"kid": self.key_id})
        except TypeError:
            # PyJWT checks the types of some claims; a forger does not.
            payload = json.dumps(claims).encode()
            return jwt.api_jws.encode(payload, key, algorithm="RS256", headers={"kid": self.key_id})


def _base64url(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")
