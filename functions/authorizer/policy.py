"""From a role to the IAM policy that API Gateway enforces."""

import re
from typing import Any

from schemas.routes import Route, permitted
from shared.tokens import Identity

_PARAMETER = re.compile(r"\{[^}]+\}")


def allow(identity: Identity, method_arn: str) -> dict[str, Any]:
    """Return the authorizer's answer for a verified token.

    API Gateway keeps the policy and evaluates it for the caller's later requests too, so it names every route that
    the role opens, whichever was asked for.

    Parameters
    ----------
    identity
        Whom the token speaks for.
    method_arn
        The request's ARN: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`.
    """
    api, stage = method_arn.split("/", 2)[:2]
    resources = [f"{api}/{stage}/{route.method}{_pattern(route)}" for route in permitted(identity.role)]
    effect = "Allow" if resources else "Deny"
    return {
        "principalId": identity.subject,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": effect,
                    "Resource": resources or [f"{api}/{stage}/*"],
                }
            ],
        },
        "context": {"role": identity.role.name.lower()},
    }


def _pattern(route: Route) -> str:
    return _PARAMETER.sub("*", route.path)
