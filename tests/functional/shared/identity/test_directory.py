import threading
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from shared.cursors import encode_cursor
from shared.identity.directory import UserDirectory
from shared.identity.errors import (
    DirectoryBusyError,
    IdentityError,
    LastAdminError,
    NotInvitedError,
    UserExistsError,
    UserNotFoundError,
)
from shared.table.leases import Leases
from tests.functional.conftest import TABLE
from tests.functional.faults import answer_users, refuse_users, watch_users
from tests.functional.pools import Pool

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOBODY = "0199aaaa-0000-4000-8000-000000000000"


@pytest.fixture
def directory(dynamodb: "DynamoDBClient", pool: Pool) -> UserDirectory:
    return UserDirectory(boto3.client("cognito-idp"), pool.id, Leases(dynamodb, TABLE))


def client_of(directory: UserDirectory) -> Any:
    return directory._client


def test_a_user_without_a_role_is_not_left_behind(directory: UserDirectory, pool: Pool) -> None:
    refuse_users(client_of(directory), "AdminAddUserToGroup", "InternalErrorException")

    with pytest.raises(DirectoryBusyError):
        directory.create("ada@example.org", "editor")

    assert pool.ids() == set()


def test_where_even_that_fails_the_first_error_is_told_and_the_user_has_no_role(
    directory: UserDirectory, pool: Pool
) -> None:
    refuse_users(client_of(directory), "AdminAddUserToGroup", "ResourceNotFoundException")
    refuse_users(client_of(directory), "AdminDeleteUser", "InternalErrorException")

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        directory.create("ada@example.org", "editor")

    (left,) = directory.page(limit=10).items
    assert left.role is None
    assert (left.id in pool.ids(), pool.groups(left.id)) == (True, set())


@pytest.mark.parametrize("code", ["UsernameExistsException", "AliasExistsException"])
def test_an_address_that_is_taken_is_an_error_of_its_own(directory: UserDirectory, code: str) -> None:
    refuse_users(client_of(directory), "AdminCreateUser", code)

    with pytest.raises(UserExistsError):
        directory.create("ada@example.org", "viewer")


def test_a_new_role_comes_before_the_old_one_goes(directory: UserDirectory, pool: Pool) -> None:
    user_id = pool.add("ada@example.org", "viewer")
    refuse_users(client_of(directory), "AdminRemoveUserFromGroup", "InternalErrorException", times=1)

    with pytest.raises(DirectoryBusyError):
        directory.set_role(user_id, "editor")

    assert directory.get(user_id).role == "editor"
    assert pool.groups(user_id) == {"viewer", "editor"}
    directory.set_role(user_id, "editor")
    assert pool.groups(user_id) == {"editor"}


def test_groups_that_are_no_roles_are_left_alone(directory: UserDirectory, pool: Pool) -> None:
    user_id = pool.add("ada@example.org", "viewer")
    pool.cognito.create_group(UserPoolId=pool.id, GroupName="beta")
    pool.cognito.admin_add_user_to_group(UserPoolId=pool.id, Username=user_id, GroupName="beta")

    directory.set_role(user_id, "admin")

    assert pool.groups(user_id) == {"admin", "beta"}
    assert directory.get(user_id).role == "admin"


def test_who_is_locked_out_loses_all_sessions(directory: UserDirectory, pool: Pool) -> None:
    user_id = pool.add("ada@example.org")
    calls = watch_users(client_of(directory))

    directory.set_enabled(user_id, enabled=False)

    assert calls[-2:] == ["AdminDisableUser", "AdminUserGlobalSignOut"]


def test_who_is_deleted_loses_all_sessions_first(directory: UserDirectory, pool: Pool) -> None:
    user_id = pool.add("ada@example.org")
    calls = watch_users(client_of(directory))

    directory.delete(user_id)

    assert calls[-2:] == ["AdminUserGlobalSignOut", "AdminDeleteUser"]


def test_an_invitation_is_sent_again_by_address(directory: UserDirectory, pool: Pool) -> None:
    user_id = pool.add("ada@example.org", invited=True)
    calls = answer_users(client_of(directory), "AdminCreateUser", {"User": {}})

    directory.resend_invitation(user_id)

    assert len(calls) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda directory: directory.get(NOBODY),
        lambda directory: directory.rename(NOBODY, "x"),
        lambda directory: directory.set_role(NOBODY, "admin"),
        lambda directory: directory.set_role(NOBODY, "viewer"),
        lambda directory: directory.set_enabled(NOBODY, enabled=True),
        lambda directory: directory.set_enabled(NOBODY, enabled=False),
        lambda directory: directory.delete(NOBODY),
        lambda directory: directory.resend_invitation(NOBODY),
    ],
)
def test_who_does_not_exist_is_an_error_of_its_own(directory: UserDirectory, call: Any) -> None:
    with pytest.raises(UserNotFoundError):
        call(directory)


def test_a_user_that_is_deleted_while_being_listed_is_left_out(directory: UserDirectory, pool: Pool) -> None:
    pool.add("ada@example.org")
    refuse_users(client_of(directory), "AdminListGroupsForUser", "UserNotFoundException", times=1)

    assert directory.page(limit=10).items == []


def test_a_page_goes_on_where_cognito_says(directory: UserDirectory) -> None:
    calls = answer_users(client_of(directory), "ListUsers", {"Users": [], "PaginationToken": "tok/+=en"})

    page = directory.page(limit=10, cursor=encode_cursor("earlier"))

    assert page.next_cursor == encode_cursor("tok/+=en")
    assert '"earlier"' in calls[0]["body"].decode()


@pytest.mark.parametrize("error", [ConnectTimeoutError, ReadTimeoutError, EndpointConnectionError])
def test_a_pool_that_is_out_of_reach_is_busy(directory: UserDirectory, error: type[BotoCoreError]) -> None:
    def time_out(**_: object) -> None:
        raise error(endpoint_url="https://cognito.example")

    client_of(directory).meta.events.register("before-send.cognito-identity-provider", time_out)

    with pytest.raises(DirectoryBusyError):
        directory.get(NOBODY)


def test_an_administrator_may_go_while_another_is_enabled(directory: UserDirectory, pool: Pool) -> None:
    first, second = pool.add("a@example.org", "admin"), pool.add("b@example.org", "admin")

    directory.set_role(first, "viewer")

    with pytest.raises(LastAdminError):
        directory.delete(second)
    directory.set_role(first, "admin")
    directory.delete(second)
    assert pool.ids() == {first}


def test_an_administrator_who_is_disabled_may_be_deleted(directory: UserDirectory, pool: Pool) -> None:
    disabled = pool.add("a@example.org", "admin", enabled=False)
    pool.add("b@example.org", "admin")

    directory.delete(disabled)

    assert disabled not in pool.ids()


def test_a_list_of_administrators_that_lags_behind_is_not_believed(directory: UserDirectory, pool: Pool) -> None:
    last = pool.add("a@example.org", "admin")
    gone = {"Username": NOBODY, "Enabled": True}
    answer_users(client_of(directory), "ListUsersInGroup", {"Users": [gone]})

    with pytest.raises(LastAdminError):
        directory.delete(last)


def test_where_administrators_cannot_be_counted_nothing_is_changed(directory: UserDirectory, pool: Pool) -> None:
    admin = pool.add("a@example.org", "admin")
    pool.add("b@example.org", "admin")
    refuse_users(client_of(directory), "ListUsersInGroup", "TooManyRequestsException", times=1)

    with pytest.raises(DirectoryBusyError):
        directory.delete(admin)

    assert admin in pool.ids()
    directory.delete(admin)


@pytest.mark.parametrize("change", ["delete", "demote", "disable", "mixed"])
def test_two_administrators_cannot_remove_each_other_at_the_same_moment(
    dynamodb: "DynamoDBClient", pool: Pool, change: str
) -> None:
    admins = [pool.add("a@example.org", "admin"), pool.add("b@example.org", "admin")]
    ways: dict[str, Any] = {
        "delete": UserDirectory.delete,
        "demote": lambda directory, user_id: directory.set_role(user_id, "viewer"),
        "disable": lambda directory, user_id: directory.set_enabled(user_id, enabled=False),
    }
    kinds = ["demote", "delete"] if change == "mixed" else [change, change]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def remove(user_id: str, kind: str) -> None:
        cognito = boto3.client("cognito-idp")
        # Each has time to see the other as an administrator before it acts.
        cognito.meta.events.register(
            "after-call.cognito-identity-provider.AdminListGroupsForUser", lambda **_: time.sleep(0.2)
        )
        start.wait()
        try:
            ways[kind](UserDirectory(cognito, pool.id, Leases(dynamodb, TABLE)), user_id)
        except IdentityError as error:
            outcomes.append(type(error).__name__)
        else:
            outcomes.append("removed")

    threads = [threading.Thread(target=remove, args=pair) for pair in zip(admins, kinds, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["LastAdminError", "removed"]


def test_a_change_waits_for_nobody_for_ever(pool: Pool, dynamodb: "DynamoDBClient") -> None:
    now = [1000.0]
    patient = Leases(dynamodb, TABLE, clock=lambda: now[0], sleep=lambda pause: now.__setitem__(0, now[0] + pause))
    directory = UserDirectory(boto3.client("cognito-idp"), pool.id, patient)
    user_id = pool.add("a@example.org")

    with Leases(dynamodb, TABLE, clock=lambda: 1000.0).hold("admins"), pytest.raises(DirectoryBusyError):
        directory.delete(user_id)

    assert user_id in pool.ids()
    directory.delete(user_id)


def test_an_invitation_that_was_accepted_meanwhile_is_not_sent(directory: UserDirectory, pool: Pool) -> None:
    user_id = pool.add("ada@example.org", invited=True)
    refuse_users(client_of(directory), "AdminCreateUser", "UnsupportedUserStateException")

    with pytest.raises(NotInvitedError):
        directory.resend_invitation(user_id)
