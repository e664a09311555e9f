"""Lambda authorizer: a bearer token becomes an IAM policy, or the request ends with 401."""

import os
from typing import Any

from functions.authorizer.issuers import Issuer, read_issuers
from functions.authorizer.keys import KeyCache
from functions.authorizer.policy import allow
from functions.authorizer.settings import AuthorizerSettings
from functions.authorizer.tokens import InvalidTokenError, Verifier
from shared.observability.lines import RequestLog

settings = AuthorizerSettings.from_environment(os.environ)
log = RequestLog("authorizer")


class UnauthorizedError(Exception):
    """Raised with the one message that API Gateway answers with 401."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


def keys_of(issuer: Issuer) -> KeyCache:
    """Return an empty cache of an issuer's keys, which logs and counts when it can't be filled."""

    def report(reason: str) -> None:
        metrics = {"KeysUnavailable": (1.0, "Count")}
        log.write("ERROR", "keys could not be fetched", metrics=metrics, issuer=issuer.issuer, reason=reason)

    return KeyCache(issuer.jwks_url, report=report)


verifier = Verifier(read_issuers(settings.issuers), keys_of)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the policy for the token in the Authorization header.

    Raises
    ------
    UnauthorizedError
        When there is no token that can be trusted.
    """
    request_id = getattr(context, "aws_request_id", "")
    try:
        identity = verifier.verify(_bearer_token(event))
    except InvalidTokenError as error:
        metrics = {"Denied": (1.0, "Count")}
        log.write("WARNING", "token refused", metrics=metrics, function_request_id=request_id, reason=str(error))
        raise UnauthorizedError from None
    log.write(
        "INFO", "token accepted", metrics={"Allowed": (1.0, "Count")}, function_request_id=request_id,
        role=identity.role.name.lower(), tier=identity.tier,
    )  # fmt: skip
    return allow(identity, event["methodArn"])


def _bearer_token(event: dict[str, Any]) -> str:
    scheme, _, token = (event.get("authorizationToken") or "").partition(" ")
    if scheme.lower() != "bearer":
        message = "no-bearer-token"
        raise InvalidTokenError(message)
    return token
