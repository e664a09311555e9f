"""A user pool by the rules of the template, with users in it."""

from typing import TYPE_CHECKING, NamedTuple

import boto3

from schemas.requests import RoleName
from shared.identity.users import ROLES

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

PASSWORD = "  Correct-horse 1 battery  "
TEMPORARY = "Temporary-1-password"


class Pool(NamedTuple):
    """A user pool and its public client."""

    id: str
    client_id: str
    cognito: "CognitoIdentityProviderClient"

    def add(self, email: str, role: RoleName | None = "viewer", *, enabled: bool = True, invited: bool = False) -> str:
        """Create a user, with `PASSWORD` or invited with `TEMPORARY`, and return the id."""
        created = self.cognito.admin_create_user(
            UserPoolId=self.id,
            Username=email,
            TemporaryPassword=TEMPORARY,
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        )
        user_id = created["User"]["Username"]
        if not invited:
            self.cognito.admin_set_user_password(
                UserPoolId=self.id, Username=user_id, Password=PASSWORD, Permanent=True
            )
        if role:
            self.cognito.admin_add_user_to_group(UserPoolId=self.id, Username=user_id, GroupName=role)
        if not enabled:
            self.cognito.admin_disable_user(UserPoolId=self.id, Username=user_id)
        return user_id

    def groups(self, user_id: str) -> set[str]:
        """Return the groups that a user is in."""
        found = self.cognito.admin_list_groups_for_user(UserPoolId=self.id, Username=user_id)
        return {group["GroupName"] for group in found["Groups"]}

    def ids(self) -> set[str]:
        """Return the ids of all users."""
        return {user["Username"] for user in self.cognito.list_users(UserPoolId=self.id)["Users"]}


def create_pool() -> Pool:
    """Create an empty pool."""
    cognito = boto3.client("cognito-idp")
    created = cognito.create_user_pool(
        PoolName="sitewire-local",
        UsernameAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
        MfaConfiguration="OPTIONAL",
        Policies={
            "PasswordPolicy": {
                "MinimumLength": 12,
                "RequireLowercase": True,
                "RequireNumbers": True,
                "RequireSymbols": True,
                "RequireUppercase": True,
            }
        },
    )
    pool_id = created["UserPool"]["Id"]
    for role in ROLES:
        cognito.create_group(UserPoolId=pool_id, GroupName=role)
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="site",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )
    return Pool(pool_id, client["UserPoolClient"]["ClientId"], cognito)
