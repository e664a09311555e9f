"""Preview links: whoever has one may read a project that is not public, until it ends.

A link carries a signed token (a JWT, HS256) that names the project and the end. The key is a secret of the stage: a
new key ends every link of before.
"""

import time
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider

from shared.clients import client

_AUDIENCE = "sitewire-preview"
_ALGORITHM = "HS256"
_KEY_MAX_AGE_SECONDS = 300


class PreviewLinks:
    """Signer and reader of preview links' tokens; fetches the key when it is first needed.

    The function needs the layer `tokens`.

    Parameters
    ----------
    key_arn
        The secret that holds the key.
    clock
        Seconds since the epoch.
    """

    def __init__(self, key_arn: str, *, clock: Callable[[], float] = time.time) -> None:
        self._key_arn = key_arn
        self._clock = clock
        self._secrets = SecretsProvider(boto3_client=client("secretsmanager"))

    def sign(self, project_id: str, *, seconds: int) -> tuple[str, int]:
        """Return a token that opens a project for so many seconds, and its end in seconds since the epoch."""
        import jwt  # noqa: PLC0415  most requests need no link

        ends = int(self._clock()) + seconds
        claims = {"sub": project_id, "aud": _AUDIENCE, "exp": ends}
        return jwt.encode(claims, self._key(), algorithm=_ALGORITHM), ends

    def opens(self, token: str) -> str | None:
        """Return the id of the project that a token opens at this moment; None when it opens nothing."""
        import jwt  # noqa: PLC0415  most requests carry no link

        try:
            claims: dict[str, Any] = jwt.decode(
                token, self._key(), algorithms=[_ALGORITHM], audience=_AUDIENCE, options={"require": ["exp", "sub"]}
            )
        except jwt.InvalidTokenError:
            return None
        return str(claims["sub"])

    def _key(self) -> str:
        return str(self._secrets.get(self._key_arn, max_age=_KEY_MAX_AGE_SECONDS))
