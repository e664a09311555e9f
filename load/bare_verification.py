"""The least that verifies a token with PyJWT: the baseline of `bench_authorizer.py`.

The key is at hand, and signature, audience, issuer and times are checked; nothing is logged and no policy is built.
"""

import os
from typing import Any

import jwt

ALGORITHM = jwt.get_algorithm_by_name("RS256")

_keys: list[Any] = []


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return whom the token speaks for."""
    if not _keys:
        _keys.append(ALGORITHM.prepare_key(os.environ["PUBLIC_KEY"]))
    token = event["authorizationToken"].removeprefix("Bearer ")
    claims = jwt.decode(
        token, _keys[0], algorithms=["RS256"], audience=os.environ["AUDIENCE"], issuer=os.environ["ISSUER"]
    )
    return {"principalId": claims["sub"]}
