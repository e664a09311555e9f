"""Measure the authorizer beside a bare verification of the same token by PyJWT, in one run.

The authorizer fetches its keys once, from this process, and is measured as it is shipped: from the packages of its
layers and its function. `bare_verification.py` is the baseline, on the same layer; `measuring.py` says how both are
measured.
"""

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from load.measuring import Variant, arguments, compiled, inherited_environment, measure, report, unpack
from local.paths import ROOT

TARGETS = {"cold": 1.3, "warm": 1.5}
"""Ours against the bare verification, at most."""

_EVENT = ROOT / "tests" / "unit" / "events" / "authorizer_token.json"
_ISSUER = "https://issuer.example.org"
_AUDIENCE = "sitewire-api"
_SUBJECT = "01990000-0000-7000-8000-000000000001"
_KEY_ID = "bench-key-1"


def main() -> None:
    """Measure and print."""
    asked = arguments(__doc__.splitlines()[0])
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with tempfile.TemporaryDirectory() as scratch, _served(_key_set(key)) as url:
        figures = measure(_variants(Path(scratch), key, url), samples=asked.samples, requests=asked.requests)
    print(report({"authorizer": figures}, TARGETS, as_json=asked.json))


def _variants(scratch: Path, key: rsa.RSAPrivateKey, url: str) -> list[Variant]:
    ours = unpack("authorizer", scratch)
    baseline = compiled(Path(__file__).parent / "bare_verification.py", scratch)
    issuer = {"issuer": _ISSUER, "jwks_url": url, "audience": _AUDIENCE, "kind": "oidc", "role_claim": "roles"}
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    environment = {
        **inherited_environment(),
        "ISSUERS": json.dumps([issuer]),
        "PUBLIC_KEY": public,
        "AUDIENCE": _AUDIENCE,
        "ISSUER": _ISSUER,
        "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
    }
    event = json.loads(_EVENT.read_text()) | {"authorizationToken": f"Bearer {_token(key)}"}
    job = (event, {"principalId": _SUBJECT})
    return [
        Variant("this function", "functions.authorizer.handler", ours, environment, *job),
        Variant("bare PyJWT", "bare_verification", [baseline, *ours], environment, *job),
    ]


def _token(key: rsa.RSAPrivateKey) -> str:
    """Return a token of the claims that RFC 9068 asks for, and two roles."""
    now = int(time.time())
    claims = {
        "iss": _ISSUER, "sub": _SUBJECT, "aud": _AUDIENCE, "client_id": "website", "iat": now, "exp": now + 3600,
        "jti": "01990000-0000-7000-8000-000000000002", "scope": "openid profile", "roles": ["editor", "premium"],
    }  # fmt: skip
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": _KEY_ID, "typ": "at+jwt"})


def _key_set(key: rsa.RSAPrivateKey) -> bytes:
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    entry: dict[str, Any] = {**public, "kid": _KEY_ID, "alg": "RS256", "use": "sig"}
    return json.dumps({"keys": [entry]}).encode()


@contextmanager
def _served(body: bytes) -> Iterator[str]:
    """Serve `body` on the loopback interface for as long as the context lasts; gives its URL."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name for it
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/jwks.json"
        server.shutdown()


if __name__ == "__main__":
    main()
