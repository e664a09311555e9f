"""A user, as Cognito tells of one, and the few things that users may do to themselves."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from schemas.identities import UUID
from schemas.requests import RoleName
from schemas.responses import User, UserStatus
from schemas.routes import Role
from shared.clock import timestamp
from shared.identity.errors import UserNotFoundError, translated

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

ROLES: tuple[RoleName, ...] = ("viewer", "editor", "admin")
"""Every role that a user can have, which is also the name of its group; lowest first, as in `Role`."""

# What Cognito calls `sub`: a UUID, of no particular version.
_ID = re.compile(UUID)

_STATUSES: dict[str, UserStatus] = {
    "CONFIRMED": "active",
    "FORCE_CHANGE_PASSWORD": "invited",
    "RESET_REQUIRED": "reset_required",
}
NOT_FOUND = {"UserNotFoundException": UserNotFoundError}


def is_user_id(candidate: str) -> bool:
    """Tell whether a text could be a user's id: Cognito takes an address in its place, and we must not."""
    return _ID.fullmatch(candidate) is not None


class Users:
    """Reader of single users, and writer of their names.

    Parameters
    ----------
    client
        Cognito client.
    pool_id
        The user pool.
    """

    def __init__(self, client: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._client = client
        self._pool = pool_id

    def get(self, user_id: str) -> User:
        """Return a user, without a role: that is a matter of groups.

        Raises
        ------
        UserNotFoundError
            When there is none.
        """
        with translated(NOT_FOUND):
            found = self._client.admin_get_user(UserPoolId=self._pool, Username=user_id)
        attributes = found["UserAttributes"]
        mfa = bool(found.get("UserMFASettingList"))
        return to_user({**found, "Attributes": attributes}).model_copy(update={"mfa": mfa})

    def rename(self, user_id: str, name: str) -> None:
        """Set a user's name; an empty one removes it.

        Raises
        ------
        UserNotFoundError
            When there is no such user.
        """
        with translated(NOT_FOUND):
            self._client.admin_update_user_attributes(
                UserPoolId=self._pool, Username=user_id, UserAttributes=[{"Name": "name", "Value": name}]
            )


def to_user(found: Mapping[str, Any]) -> User:
    """Return a user from Cognito's UserType."""
    attributes = {entry["Name"]: entry.get("Value", "") for entry in found.get("Attributes", [])}
    return User.model_validate(
        {
            "id": found["Username"],
            "email": attributes.get("email", ""),
            "name": attributes.get("name") or None,
            "enabled": found["Enabled"],
            "status": _STATUSES.get(found["UserStatus"], "other"),
            "created_at": timestamp(found["UserCreateDate"].timestamp()),
            "updated_at": timestamp(found["UserLastModifiedDate"].timestamp()),
            "email_verified": attributes.get("email_verified") == "true",
        }
    )


def highest_role(groups: Iterable[str]) -> RoleName | None:
    """Return the highest role among the names of groups; None when none of them is a role."""
    known = [Role[name.upper()] for name in groups if name in ROLES]
    return ROLES[max(known) - 1] if known else None
