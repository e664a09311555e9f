"""Who may sign in, with what, and for how long."""

import pytest

from tests.infra.conftest import Synthesis
from tests.infra.template import Resource, Template


def pool(template: Template) -> Resource:
    return template.only("AWS::Cognito::UserPool")


def client(template: Template) -> Resource:
    return template.only("AWS::Cognito::UserPoolClient")


def test_the_pool_has_the_stages_name(template: Template) -> None:
    assert pool(template)["UserPoolName"] == template.names.stack


def test_only_administrators_create_users(template: Template) -> None:
    assert pool(template)["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True


def test_users_sign_in_with_their_address_in_any_case(template: Template) -> None:
    assert pool(template)["UsernameAttributes"] == ["email"]
    assert pool(template).get("AliasAttributes") is None
    assert pool(template)["UsernameConfiguration"] == {"CaseSensitive": False}


def test_a_password_is_long_and_of_every_kind_of_character(template: Template) -> None:
    policy = dict(pool(template)["Policies"]["PasswordPolicy"])

    assert policy.pop("MinimumLength") >= 12
    assert policy.pop("TemporaryPasswordValidityDays") <= 7
    assert set(policy) == {"RequireLowercase", "RequireNumbers", "RequireSymbols", "RequireUppercase"}
    assert all(policy.values())


def test_a_lost_password_is_recovered_by_a_verified_address_alone(template: Template) -> None:
    assert pool(template)["AutoVerifiedAttributes"] == ["email"]
    assert pool(template)["AccountRecoverySetting"] == {
        "RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]
    }


def test_an_authenticator_app_is_each_users_choice(template: Template) -> None:
    assert (pool(template)["MfaConfiguration"], pool(template)["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])


def test_no_message_can_cost_money(template: Template) -> None:
    # Text messages are what attackers pump; without a role Cognito can't send any.
    assert pool(template).get("SmsConfiguration") is None


def test_the_plan_has_a_free_tier(template: Template) -> None:
    assert pool(template)["UserPoolTier"] == "LITE"
    assert pool(template).get("UserPoolAddOns") is None


def test_the_invitation_names_the_site_and_what_cognito_fills_in(template: Template) -> None:
    invitation = pool(template)["AdminCreateUserConfig"]["InviteMessageTemplate"]

    assert template.stage.site_name in invitation["EmailSubject"]
    assert all(part in invitation["EmailMessage"] for part in ("{username}", "{####}"))


@pytest.mark.parametrize(
    ("stage", "protection", "policy"), [("production", "ACTIVE", "Retain"), ("local", "INACTIVE", "Delete")]
)
def test_users_are_protected_where_data_is_kept(synthesis: Synthesis, stage: str, protection: str, policy: str) -> None:
    found = pool(synthesis(stage))

    assert found["DeletionProtection"] == protection
    assert (found.definition["DeletionPolicy"], found.definition["UpdateReplacePolicy"]) == (policy, policy)


def test_there_is_a_group_for_each_role_and_the_highest_goes_first(template: Template) -> None:
    groups = sorted(template.resources("AWS::Cognito::UserPoolGroup"), key=lambda group: int(group["Precedence"]))

    assert [group["GroupName"] for group in groups] == ["admin", "editor", "viewer"]
    assert all(template.target(group["UserPoolId"]) == pool(template) for group in groups)
    assert all(group.get("RoleArn") is None for group in groups)


def test_the_client_is_public_and_knows_three_ways_in(template: Template) -> None:
    assert client(template)["GenerateSecret"] is False
    assert set(client(template)["ExplicitAuthFlows"]) == {
        "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
    }  # fmt: skip
    assert client(template)["AllowedOAuthFlowsUserPoolClient"] is False
    assert client(template).get("AllowedOAuthFlows") is None


def test_the_client_tells_nobody_who_has_an_account(template: Template) -> None:
    assert client(template)["PreventUserExistenceErrors"] == "ENABLED"


def test_tokens_are_short_lived_and_can_be_revoked(template: Template) -> None:
    found = client(template)

    assert set(found["TokenValidityUnits"].values()) == {"minutes"}
    assert (found["AccessTokenValidity"], found["IdTokenValidity"]) == (15, 15)
    assert found["RefreshTokenValidity"] == 30 * 24 * 60
    assert found["EnableTokenRevocation"] is True


def test_users_write_nothing_of_themselves_but_the_name(template: Template) -> None:
    # An address that its bearer could change would let one take over the sign-in of another.
    assert client(template)["WriteAttributes"] == ["locale"]
    assert set(client(template)["ReadAttributes"]) == {"email", "email_verified", "name"}
