"""Users of the stage that runs here, one a role, to have somebody to sign in as."""

import contextlib
import secrets

from local.emulator_process import local_client
from local.outputs import Outputs
from schemas.routes import Role


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
    password = f"{secrets.token_urlsafe(24)}-aA1"
    cognito.admin_set_user_password(**user, Password=password, Permanent=True)
    cognito.admin_add_user_to_group(**user, GroupName=name)
    granted = cognito.initiate_auth(
        ClientId=outputs["user_pool_client"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user["Username"], "PASSWORD": password},
    )
    return str(granted["AuthenticationResult"]["AccessToken"])
