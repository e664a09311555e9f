from fnmatch import fnmatchcase
from itertools import product
from typing import Any

import pytest

from functions.authorizer.policy import allow
from schemas.routes import ROUTES, Role, permitted
from shared.tokens.verifier import Identity, Tier

API = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/v1"
ASKED = [f"{API}/GET/api/contact", f"{API}/DELETE/api/contact/01990000-0000-7000-8000-000000000001", f"{API}/PUT/"]
TIERS: tuple[Tier, ...] = ("standard", "premium")
IDENTIFIER = "01990000-0000-7000-8000-000000000001"


def identity(role: Role, subject: str = "ada") -> Identity:
    return Identity(subject, role, "standard")


def statement_of(policy: dict[str, Any]) -> dict[str, Any]:
    (statement,) = policy["policyDocument"]["Statement"]
    return dict(statement)


def opens(policy: dict[str, Any], method: str, path: str) -> bool:
    """Evaluate the policy as IAM does for `execute-api:Invoke`: a star stands for any characters."""
    arn = f"{API}/{method}{path}"
    statement = statement_of(policy)
    hit = any(fnmatchcase(arn, pattern) for pattern in statement["Resource"])
    return hit and statement["Effect"] == "Allow"


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("role", Role)
def test_a_policy_names_every_route_of_the_role_whichever_was_asked_for(role: Role, asked: str) -> None:
    policy = allow(identity(role), asked)

    for route in ROUTES:
        due = Role.PUBLIC < route.role <= role
        assert opens(policy, route.method, route.path.replace("{id}", IDENTIFIER).replace("{version}", "3")) == due


def test_a_policy_does_not_depend_on_what_was_asked_for() -> None:
    policies = [allow(identity(Role.EDITOR), asked) for asked in ASKED]

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
    assert not opens(allow(identity(Role.ADMIN), ASKED[0]), method, path)


def test_a_role_without_routes_is_denied_all() -> None:
    statement = statement_of(allow(identity(Role.PUBLIC), ASKED[0]))

    assert (statement["Effect"], statement["Resource"]) == ("Deny", [f"{API}/*"])


def test_a_policy_is_in_the_shape_that_api_gateway_takes() -> None:
    policy = allow(identity(Role.EDITOR), ASKED[0])

    assert policy.keys() == {"principalId", "policyDocument", "context"}
    assert (policy["principalId"], policy["context"]) == ("ada", {"role": "editor", "tier": "standard"})
    assert policy["policyDocument"]["Version"] == "2012-10-17"
    assert statement_of(policy)["Action"] == "execute-api:Invoke"


def test_another_stage_is_never_named() -> None:
    statement = statement_of(allow(identity(Role.ADMIN), ASKED[0]))

    assert all(resource.startswith(f"{API}/") for resource in statement["Resource"])


def test_a_policy_that_is_kept_is_given_to_whoever_has_its_role_stage_and_tier() -> None:
    apis = (API, API.replace("/v1", "/v2"), API.replace("a1b2", "b1b2"))
    asked = list(product(("ada", "grace"), Role, TIERS, apis))
    policies = [allow(Identity(subject, role, tier), f"{api}/GET/") for subject, role, tier, api in asked]

    for policy, (subject, role, tier, api) in zip(policies, asked, strict=True):
        assert (policy["principalId"], policy["context"]) == (subject, {"role": role.name.lower(), "tier": tier})
        assert statement_of(policy)["Effect"] == ("Allow" if permitted(role) else "Deny")
        assert all(resource.startswith(f"{api}/") for resource in statement_of(policy)["Resource"])
