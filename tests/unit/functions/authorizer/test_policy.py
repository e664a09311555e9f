from typing import Any

import pytest

from functions.authorizer.policy import allow
from schemas.routes import ROUTES, Role
from shared.tokens import Identity

API = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/v1"
ASKED = [f"{API}/GET/api/contact", f"{API}/DELETE/api/contact/01990000-0000-7000-8000-000000000001", f"{API}/PUT/"]
IDENTIFIER = "01990000-0000-7000-8000-000000000001"


def statement_of(policy: dict[str, Any]) -> dict[str, Any]:
    (statement,) = policy["policyDocument"]["Statement"]
    return dict(statement)


def opens(policy: dict[str, Any], method: str, path: str) -> bool:
    """Evaluate the policy as IAM does for `execute-api:Invoke`: a star stands for any characters."""
    arn = f"{API}/{method}{path}"
    statement = statement_of(policy)
    hit = any(_matches(pattern, arn) for pattern in statement["Resource"])
    return hit and statement["Effect"] == "Allow"


def _matches(pattern: str, arn: str) -> bool:
    head, star, tail = pattern.partition("*")
    return arn == pattern if not star else arn.startswith(head) and arn.endswith(tail)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("role", Role)
def test_a_policy_names_every_route_of_the_role_whichever_was_asked_for(role: Role, asked: str) -> None:
    policy = allow(Identity("ada", role), asked)

    for route in ROUTES:
        due = Role.PUBLIC < route.role <= role
        assert opens(policy, route.method, route.path.replace("{id}", IDENTIFIER)) == due


def test_a_policy_does_not_depend_on_what_was_asked_for() -> None:
    policies = [allow(Identity("ada", Role.EDITOR), asked) for asked in ASKED]

    assert policies == [policies[0]] * len(ASKED)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/api/contact"),
        ("DELETE", "/api/contact"),
        ("GET", "/api/contacts"),
        ("GET", "/"),
        ("POST", "/api/contact"),
    ],
)
def test_a_policy_opens_nothing_that_is_no_route_of_the_role(method: str, path: str) -> None:
    assert not opens(allow(Identity("ada", Role.ADMIN), ASKED[0]), method, path)


def test_a_role_without_routes_is_denied_all() -> None:
    statement = statement_of(allow(Identity("ada", Role.PUBLIC), ASKED[0]))

    assert (statement["Effect"], statement["Resource"]) == ("Deny", [f"{API}/*"])


def test_a_policy_is_in_the_shape_that_api_gateway_takes() -> None:
    policy = allow(Identity("ada", Role.EDITOR), ASKED[0])

    assert policy.keys() == {"principalId", "policyDocument", "context"}
    assert (policy["principalId"], policy["context"]) == ("ada", {"role": "editor"})
    assert policy["policyDocument"]["Version"] == "2012-10-17"
    assert statement_of(policy)["Action"] == "execute-api:Invoke"


def test_another_stage_is_never_named() -> None:
    statement = statement_of(allow(Identity("ada", Role.ADMIN), ASKED[0]))

    assert all(resource.startswith(f"{API}/") for resource in statement["Resource"])
