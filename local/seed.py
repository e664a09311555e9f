"""Users of the stage that runs here, one a role, to have somebody to sign in as."""

import contextlib
import secrets
from typing import Any

from local.emulator_process import local_client
from local.outputs import Outputs
from schemas.routes import Role

_TRIES = 5


def access_token(outputs: Outputs, role: Role) -> str:
    """Sign in the seeded user of a role, who is created where there is none, and return the access token.

    The password is a new one each time: nobody has to know it, and nothing has to keep it.
    """
    cognito = local_client("cognito-idp", outputs["aws_endpoint_url"], outputs["region"])
    name = role.name.lower()
    user = {"UserPoolId": outputs["user_pool"], "Username": f"{name}@seed.example"}
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            **user,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": user["Username"]}, {"Name": "email_verified", "Value": "true"}],
        )
    for group in cognito.admin_list_groups_for_user(**user)["Groups"]:
        if group["GroupName"] != name:
            cognito.admin_remove_user_from_group(**user, GroupName=group["GroupName"])
    cognito.admin_add_user_to_group(**user, GroupName=name)
    cognito.admin_enable_user(**user)
    for _ in range(_TRIES - 1):
        # Another process may choose another password in between, and then this sign-in is refused.
        with contextlib.suppress(cognito.exceptions.NotAuthorizedException):
            return _sign_in(cognito, outputs, user)
    return _sign_in(cognito, outputs, user)


def _sign_in(cognito: Any, outputs: Outputs, user: dict[str, str]) -> str:  # noqa: ANN401  boto3's client
    password = f"{secrets.token_urlsafe(24)}-aA1"
    cognito.admin_set_user_password(**user, Password=password, Permanent=True)
    granted = cognito.initiate_auth(
        ClientId=outputs["user_pool_client"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user["Username"], "PASSWORD": password},
    )
    return str(granted["AuthenticationResult"]["AccessToken"])
