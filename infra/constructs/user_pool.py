"""The user pool: who may sign in, with what, and for how long."""

import html

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.constructs.acknowledged import acknowledge
from infra.names import Names
from infra.stage import Stage
from schemas.routes import Role
from schemas.text import SHORTEST_PASSWORD

_INVITATION_DAYS = 7
_ACCESS_MINUTES = 15
_REFRESH_DAYS = 30
_CHALLENGE_MINUTES = 3

# Placeholders of Cognito's own, which it insists on.
_INVITATION = (
    "<p>You may sign in to {site} as {{username}}, with the temporary password <b>{{####}}</b></p>"
    "<p>It is valid for {days} days, and you will be asked for a password of your own.</p>"
)


class UserPool(Construct):
    """User pool with a group per role and one public client.

    Administrators create users: nobody signs up. What a user may write through the client's token is the name alone,
    so that nobody takes over another's address.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: Stage) -> None:
        super().__init__(scope, id_)
        self.pool = self._user_pool(stage)
        self.id = self.pool.user_pool_id
        self.arn = self.pool.user_pool_arn
        for role in Role:
            if role > Role.PUBLIC:
                name = role.name.lower()
                # Cognito's lowest number is its highest precedence.
                cognito.UserPoolGroup(
                    self, f"{name}s", user_pool=self.pool, group_name=name, precedence=len(Role) - role,
                    description=f"May do what a route's role {name} opens",
                )  # fmt: skip
        self.client_id = self._client().user_pool_client_id
        self.issuer = f"https://cognito-idp.{Stack.of(self).region}.amazonaws.com/{self.id}"
        acknowledge(
            self.pool,
            {
                "AwsSolutions-COG2": "an authenticator app is each user's choice: a small site has nobody to help an "
                "editor who lost it",
                "AwsSolutions-COG8": "threat protection needs the Plus plan, which has no free tier; attempts are "
                "limited by account and by method, and the Lite plan has all else",
            },
        )

    def _user_pool(self, stage: Stage) -> cognito.UserPool:
        site = stage.site_name
        return cognito.UserPool(
            self,
            "Pool",
            user_pool_name=Names(stage.name).user_pool,
            feature_plan=cognito.FeaturePlan.LITE,
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=cognito.PasswordPolicy(
                min_length=SHORTEST_PASSWORD, require_digits=True, require_lowercase=True, require_symbols=True,
                require_uppercase=True, temp_password_validity=Duration.days(_INVITATION_DAYS),
            ),
            user_invitation=cognito.UserInvitationConfig(
                email_subject=f"Your invitation to {site}",
                email_body=_INVITATION.format(site=html.escape(site), days=_INVITATION_DAYS),
            ),
            deletion_protection=stage.keep_data,
            removal_policy=RemovalPolicy.RETAIN if stage.keep_data else RemovalPolicy.DESTROY,
        )  # fmt: skip

    def _client(self) -> cognito.UserPoolClient:
        attributes = cognito.ClientAttributes()
        return self.pool.add_client(
            "Client",
            user_pool_client_name="site",
            generate_secret=False,
            auth_flows=cognito.AuthFlow(user_password=True, user_srp=True),
            disable_o_auth=True,
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.minutes(_ACCESS_MINUTES),
            id_token_validity=Duration.minutes(_ACCESS_MINUTES),
            refresh_token_validity=Duration.days(_REFRESH_DAYS),
            auth_session_validity=Duration.minutes(_CHALLENGE_MINUTES),
            read_attributes=attributes.with_standard_attributes(email=True, email_verified=True, fullname=True),
            # An empty list would mean all. What users may change of themselves goes through the API, which checks it;
            # nothing reads this one.
            write_attributes=attributes.with_standard_attributes(locale=True),
        )
