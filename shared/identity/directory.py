"""The administration of users: who there is, what they may do, and that somebody is left who administers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from schemas.requests import RoleName
from schemas.responses import User
from shared.cursors import InvalidCursorError, decode_cursor, encode_cursor
from shared.identity.errors import (
    DirectoryBusyError,
    IdentityError,
    LastAdminError,
    NotInvitedError,
    RefusedAddressError,
    UserExistsError,
    UserNotFoundError,
    translated,
)
from shared.identity.users import NOT_FOUND, ROLES, Users, highest_role, to_user
from shared.table.leases import Leases, LeaseTakenError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef, ListUsersRequestTypeDef

LARGEST_PAGE = 60
"""Users that Cognito lists at once."""

_ADMIN: RoleName = "admin"
_ADMINS_LEASE = "admins"
# What Cognito's own tokens look like (PaginationKeyType): anything else was not given out.
_TOKEN = re.compile(r"\S+")


class UserPage(NamedTuple):
    """Users, and the cursor of the next page."""

    items: list[User]
    next_cursor: str | None


class UserDirectory:
    """The users of a pool. An id is Cognito's Username, which is also the `sub` of a user's tokens.

    Whatever could take the last administrator away happens under a lease, one such change at a time.

    Parameters
    ----------
    client
        Cognito client.
    pool_id
        The user pool.
    leases
        Where the lease is kept.
    """

    def __init__(self, client: "CognitoIdentityProviderClient", pool_id: str, leases: Leases) -> None:
        self._client = client
        self._pool = pool_id
        self._leases = leases
        self._users = Users(client, pool_id)

    def page(self, *, limit: int, cursor: str | None = None) -> UserPage:
        """Return at most `limit` users. Cognito tells of no groups in a list, so each costs one further call.

        Raises
        ------
        InvalidCursorError
            When the cursor is not one of ours.
        """
        request: ListUsersRequestTypeDef = {"UserPoolId": self._pool, "Limit": limit}
        if cursor:
            request["PaginationToken"] = _token(cursor)
        try:
            with translated({}):
                found = self._client.list_users(**request)
        except self._client.exceptions.InvalidParameterException:
            raise InvalidCursorError(cursor) from None
        users = []
        for entry in found["Users"]:
            # Deleted since Cognito listed it.
            with suppress(UserNotFoundError):
                users.append(self._with_role(to_user(entry)))
        token = found.get("PaginationToken")
        return UserPage(users, encode_cursor(token) if token else None)

    def get(self, user_id: str) -> User:
        """Return a user.

        Raises
        ------
        UserNotFoundError
            When there is none.
        """
        return self._with_role(self._users.get(user_id))

    def create(self, email: str, role: RoleName, *, name: str = "") -> User:
        """Create a user, whom Cognito mails a temporary password. The address counts as verified: it gets the mail.

        Where the role can't be given, the user is removed again. If even that fails there is a user who may call
        nothing, whom the list shows.

        Raises
        ------
        UserExistsError
            When a user has the address.
        RefusedAddressError
            When Cognito does not take it.
        """
        # The pool compares addresses without regard to case; one spelling makes every other comparison simple.
        address = email.lower()
        attributes: list[AttributeTypeTypeDef] = [
            {"Name": "email", "Value": address},
            {"Name": "email_verified", "Value": "true"},
        ]
        if name:
            attributes.append({"Name": "name", "Value": name})
        meanings: dict[str, type[IdentityError]] = {
            "AliasExistsException": UserExistsError,
            "InvalidParameterException": RefusedAddressError,
            "UsernameExistsException": UserExistsError,
        }
        with translated(meanings):
            created = self._client.admin_create_user(
                UserPoolId=self._pool, Username=address, UserAttributes=attributes, DesiredDeliveryMediums=["EMAIL"]
            )
        user_id = created["User"]["Username"]
        try:
            self._add(user_id, role)
        except BaseException:
            with suppress(BotoCoreError, ClientError):
                self._client.admin_delete_user(UserPoolId=self._pool, Username=user_id)
            raise
        return self.get(user_id)

    def rename(self, user_id: str, name: str) -> None:
        """Set a user's name; an empty one removes it. Raises UserNotFoundError."""
        self._users.rename(user_id, name)

    def set_role(self, user_id: str, role: RoleName) -> None:
        """Give a user a role in place of any other. Tokens keep the old one until they expire.

        The new group is joined before others are left: whoever dies in between leaves a user with both, not with none.

        Raises
        ------
        UserNotFoundError, LastAdminError, DirectoryBusyError
            Nothing was changed.
        """
        with self._alone():
            if role != _ADMIN:
                self._require_other_admin(user_id)
            groups = self._groups(user_id)
            if role not in groups:
                self._add(user_id, role)
            for group in groups:
                if group in ROLES and group != role:
                    self._remove(user_id, group)

    def set_enabled(self, user_id: str, *, enabled: bool) -> None:
        """Let a user sign in, or not; then all sessions end too.

        Raises
        ------
        UserNotFoundError, LastAdminError, DirectoryBusyError
            Nothing was changed.
        """
        if enabled:
            with translated(NOT_FOUND):
                self._client.admin_enable_user(UserPoolId=self._pool, Username=user_id)
            return
        with self._alone():
            self._require_other_admin(user_id)
            with translated(NOT_FOUND):
                self._client.admin_disable_user(UserPoolId=self._pool, Username=user_id)
                self._client.admin_user_global_sign_out(UserPoolId=self._pool, Username=user_id)

    def delete(self, user_id: str) -> None:
        """End a user's sessions and delete the user.

        Raises
        ------
        UserNotFoundError, LastAdminError, DirectoryBusyError
            Nothing was changed.
        """
        with self._alone():
            self._require_other_admin(user_id)
            with translated(NOT_FOUND):
                self._client.admin_user_global_sign_out(UserPoolId=self._pool, Username=user_id)
                self._client.admin_delete_user(UserPoolId=self._pool, Username=user_id)

    def resend_invitation(self, user_id: str) -> None:
        """Mail a user a fresh temporary password; the one before is void.

        Raises
        ------
        UserNotFoundError
            When there is no such user.
        NotInvitedError
            When the user has chosen a password already.
        """
        user = self._users.get(user_id)
        if user.status != "invited":
            raise NotInvitedError(user_id)
        with translated({**NOT_FOUND, "UnsupportedUserStateException": NotInvitedError}):
            # A pool whose users sign in by address knows them by no other name here.
            self._client.admin_create_user(
                UserPoolId=self._pool,
                Username=user.email,
                MessageAction="RESEND",
                DesiredDeliveryMediums=["EMAIL"],
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lease on administrators."""
        try:
            with self._leases.hold(_ADMINS_LEASE):
                yield
        except LeaseTakenError:
            raise DirectoryBusyError(_ADMINS_LEASE) from None

    def _require_other_admin(self, user_id: str) -> None:
        """Make sure that an enabled administrator is left without this user; call it under the lease."""
        if not _administers(self.get(user_id)):
            return
        pages = self._client.get_paginator("list_users_in_group").paginate(UserPoolId=self._pool, GroupName=_ADMIN)
        others = (entry["Username"] for page in pages for entry in page["Users"] if entry["Username"] != user_id)
        with translated({}):
            somebody_is_left = any(map(self._still_administers, others))
        if not somebody_is_left:
            raise LastAdminError(user_id)

    def _still_administers(self, user_id: str) -> bool:
        """Ask for one user, because Cognito's lists lag behind what was changed a moment ago."""
        try:
            return _administers(self.get(user_id))
        except UserNotFoundError:
            return False

    def _with_role(self, user: User) -> User:
        return user.model_copy(update={"role": highest_role(self._groups(user.id))})

    def _groups(self, user_id: str) -> list[str]:
        with translated(NOT_FOUND):
            # There are three groups; what else a user may be in fits on one page with them.
            found = self._client.admin_list_groups_for_user(UserPoolId=self._pool, Username=user_id)
        return [group["GroupName"] for group in found["Groups"]]

    def _add(self, user_id: str, group: str) -> None:
        with translated(NOT_FOUND):
            self._client.admin_add_user_to_group(UserPoolId=self._pool, Username=user_id, GroupName=group)

    def _remove(self, user_id: str, group: str) -> None:
        with translated(NOT_FOUND):
            self._client.admin_remove_user_from_group(UserPoolId=self._pool, Username=user_id, GroupName=group)


def _administers(user: User) -> bool:
    return user.enabled and user.role == _ADMIN


def _token(cursor: str) -> str:
    token = decode_cursor(cursor)
    if not _TOKEN.fullmatch(token):
        raise InvalidCursorError(cursor)
    return token
