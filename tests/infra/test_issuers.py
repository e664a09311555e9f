"""Whose tokens the authorizer trusts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.stage import Issuer
from tests.infra.assemblies import example_stage, synthesized
from tests.infra.template import Template

OWN = Issuer(
    issuer="https://id.example.org",
    jwks_url="https://id.example.org/keys",
    audience="sitewire",
    role_claim="roles",
)
Synthesize = Callable[..., Template]


def trusted(template: Template, verifier: str = "authorizer") -> list[dict[str, Any]]:
    variables = template.function(verifier)["Environment"]["Variables"]
    found: list[dict[str, Any]] = json.loads(template.render(variables["ISSUERS"]))
    return found


@pytest.fixture
def synthesize(assets: Path, tmp_path: Path) -> Synthesize:
    """Return how the template of the local stage is synthesized with other issuers."""

    def of(**changes: object) -> Template:
        stage = example_stage("local").model_copy(update=changes)
        return Template(stage, synthesized(stage, assets, tmp_path))

    return of


def test_the_stages_own_user_pool_is_trusted_and_nobody_else(template: Template) -> None:
    client = template.only("AWS::Cognito::UserPoolClient")
    issuer = f"https://cognito-idp.{{AWS::Region}}.amazonaws.com/{template.names.user_pool}"

    assert trusted(template) == [
        {
            "issuer": issuer,
            "jwks_url": f"{issuer}/.well-known/jwks.json",
            "audience": client.name,
            "kind": "cognito",
            "role_claim": "cognito:groups",
        }
    ]
    assert template.target(template.function("users_auth")["Environment"]["Variables"]["USER_POOL_CLIENT_ID"]) == client


def test_a_public_route_that_shows_more_trusts_whom_the_authorizer_trusts(
    template: Template, synthesize: Synthesize
) -> None:
    of_issuers = synthesize(issuers=(OWN,), cognito=False)

    assert trusted(template, "query_projects") == trusted(template)
    assert trusted(of_issuers, "query_projects") == trusted(of_issuers)


def test_another_issuer_is_trusted_beside_the_pool(synthesize: Synthesize) -> None:
    pool, other = trusted(synthesize(issuers=(OWN,)))

    assert pool["kind"] == "cognito"
    assert other == {**OWN.model_dump(), "kind": "oidc"}


def test_another_issuer_is_trusted_instead_of_the_pool(synthesize: Synthesize) -> None:
    template = synthesize(issuers=(OWN,), cognito=False)

    assert [issuer["kind"] for issuer in trusted(template)] == ["oidc"]
    # The pool stays, with its users, for the day on which it is trusted again.
    assert template.only("AWS::Cognito::UserPool")["UserPoolName"] == template.names.user_pool
