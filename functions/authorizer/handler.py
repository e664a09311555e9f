"""Lambda authorizer: a bearer token becomes an IAM policy, or the request ends with 401."""

import os
from typing import Any

from functions.authorizer.policy import allow
from functions.authorizer.settings import AuthorizerSettings
from shared.observability.lines import RequestLog
from shared.tokens.bearer import BearerTokens
from shared.tokens.verifier import InvalidTokenError

settings = AuthorizerSettings.from_environment(os.environ)
log = RequestLog("authorizer")
tokens = BearerTokens(settings.issuers, log)


class UnauthorizedError(Exception):
    """Raised with the one message that API Gateway answers with 401."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the policy for the token in the Authorization header.

    Raises
    ------
    UnauthorizedError
        When there is no token that can be trusted.
    """
    request_id = getattr(context, "aws_request_id", "")
    try:
        identity = tokens.identify(event.get("authorizationToken"), function_request_id=request_id)
    except InvalidTokenError:
        raise UnauthorizedError from None
    log.write(
        "INFO", "token accepted", metrics={"Allowed": (1.0, "Count")}, function_request_id=request_id,
        role=identity.role.name.lower(), tier=identity.tier,
    )  # fmt: skip
    return allow(identity, event["methodArn"])
