"""From a role to the IAM policy that API Gateway enforces."""

import re
from functools import lru_cache
from typing import Any

from schemas.routes import Role, Route, permitted
from shared.tokens.verifier import Identity, Tier

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
    return {"principalId": identity.subject, **_answer(identity.role, f"{api}/{stage}", identity.tier)}


@lru_cache(maxsize=32)
def _answer(role: Role, stage_arn: str, tier: Tier) -> dict[str, Any]:
    """Return what is the same for all who have a role and a tier; callers share it, so it must not be changed."""
    resources = [f"{stage_arn}/{route.method}{_pattern(route)}" for route in permitted(role)]
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Allow" if resources else "Deny",
        "Resource": resources or [f"{stage_arn}/*"],
    }
    return {
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"role": role.name.lower(), "tier": tier},
    }


def _pattern(route: Route) -> str:
    return _PARAMETER.sub("*", route.path)
