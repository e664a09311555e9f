"""Lambda authorizer: a bearer token becomes an IAM policy, or the request ends with 401."""

import os
from typing import Any

from aws_lambda_powertools.utilities import parameters

from functions.authorizer.policy import allow
from functions.authorizer.settings import AuthorizerSettings
from shared.clients import client
from shared.observability.lines import RequestLog
from shared.tokens import InvalidTokenError, verify

_KEY_MAX_AGE_SECONDS = 300

settings = AuthorizerSettings.from_environment(os.environ)
secrets = parameters.SecretsProvider(boto3_client=client("secretsmanager"))
log = RequestLog("authorizer")


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
    scheme, _, token = event.get("authorizationToken", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            message = "NoBearerToken"
            raise InvalidTokenError(message)
        identity = verify(token, key=_signing_key(), issuer=settings.token_issuer)
    except InvalidTokenError as error:
        metrics = {"Denied": (1.0, "Count")}
        log.write("WARNING", "token refused", metrics=metrics, function_request_id=request_id, reason=str(error))
        raise UnauthorizedError from None
    log.write(
        "INFO", "token accepted", metrics={"Allowed": (1.0, "Count")}, function_request_id=request_id,
        role=identity.role.name.lower(),
    )  # fmt: skip
    return allow(identity, event["methodArn"])


def _signing_key() -> str:
    return str(secrets.get(settings.token_secret_arn, max_age=_KEY_MAX_AGE_SECONDS))
