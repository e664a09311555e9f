import json
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from schemas.responses import User, UserPage
from tests.functional.faults import refuse_users, watch_users
from tests.functional.functions.users.calls import Answer, call, document, pointers, problem
from tests.functional.pools import Pool

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

USERS, ONE, INVITATION = "/api/users", "/api/users/{id}", "/api/users/{id}/invitation"
NOBODY = "0199aaaa-0000-4000-8000-000000000000"
OF_ONE = [("GET", ONE), ("PUT", ONE), ("DELETE", ONE), ("POST", INVITATION)]


@pytest.fixture
def users(load: Callable[[str], ModuleType], dynamodb: "DynamoDBClient", pool: Pool) -> ModuleType:  # noqa: ARG001
    """Return the function."""
    return load("functions.users.directory")


def change(users: ModuleType, user_id: str, **body: Any) -> Answer:
    return call(users, "PUT", ONE, path_id=user_id, body=body)


def test_a_user_is_created_and_found_at_the_location(users: ModuleType, pool: Pool) -> None:
    answer = call(users, "POST", USERS, body={"email": "Ada@Example.org", "role": "editor", "name": " Ada "})

    user = User.model_validate(document(answer))
    assert (answer["statusCode"], user.email, user.name, user.role) == (201, "ada@example.org", "Ada", "editor")
    assert (user.status, user.enabled, user.email_verified) == ("invited", True, True)
    assert answer["headers"]["Location"].endswith(f"/v1/api/users/{user.id}")
    assert pool.groups(user.id) == {"editor"}
    assert answer["headers"]["ETag"] == call(users, "GET", ONE, path_id=user.id)["headers"]["ETag"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"email": "ada", "role": "viewer"}, "/email"),
        ({"email": "ada@example.org"}, "/role"),
        ({"email": "ada@example.org", "role": "owner"}, "/role"),
        ({"email": "ada@example.org", "role": "viewer", "name": "a\nb"}, "/name"),
        ({"email": "ada@example.org", "role": "viewer", "password": "x"}, "/password"),
    ],
)
def test_a_user_that_does_not_fit_is_refused_by_field(
    users: ModuleType, pool: Pool, body: object, pointer: str
) -> None:
    answer = call(users, "POST", USERS, body=body)

    assert (problem(answer), pointers(answer)) == ((400, "invalid-request"), [pointer])
    assert pool.ids() == set()


def test_an_address_is_one_users(users: ModuleType, pool: Pool) -> None:
    pool.add("ada@example.org")

    answer = call(users, "POST", USERS, body={"email": "ADA@example.org", "role": "viewer"})

    assert problem(answer) == (409, "user-exists")


def test_an_address_that_cognito_does_not_take_is_refused_by_field(users: ModuleType) -> None:
    refuse_users(users.directory._client, "AdminCreateUser", "InvalidParameterException")

    answer = call(users, "POST", USERS, body={"email": "ada@example.org", "role": "viewer"})

    assert (problem(answer), pointers(answer)) == ((400, "invalid-request"), ["/email"])


def test_a_page_leads_to_the_next_and_all_are_read_once(users: ModuleType, pool: Pool) -> None:
    expected = {pool.add(f"user{number}@example.org") for number in range(5)}
    found: list[str] = []
    cursor: str | None = None

    for _ in range(3):
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = UserPage.model_validate(document(call(users, "GET", USERS, query=query)))
        found += [user.id for user in page.items]
        cursor = page.next_cursor

    assert (sorted(found), cursor) == (sorted(expected), None)


def test_a_list_tells_the_role_of_each(users: ModuleType, pool: Pool) -> None:
    expected = {pool.add("a@example.org", "admin"): "admin", pool.add("v@example.org"): "viewer"}
    without = pool.add("n@example.org", None)

    items = document(call(users, "GET", USERS))["items"]

    assert {item["id"]: item["role"] for item in items if "role" in item} == expected
    assert without in {item["id"] for item in items}


@pytest.mark.parametrize(
    ("query", "name"),
    [({"limit": "0"}, "limit"), ({"limit": "61"}, "limit"), ({"limit": "x"}, "limit"), ({"cursor": "%"}, "cursor"),
     ({"cursor": "YSBi"}, "cursor")],
)  # fmt: skip
def test_a_query_that_does_not_fit_is_refused(users: ModuleType, query: dict[str, str], name: str) -> None:
    answer = call(users, "GET", USERS, query=query)

    assert problem(answer) == (400, "invalid-request")
    assert name in document(answer)["detail"]


def test_a_cursor_that_cognito_did_not_give_out_is_refused(users: ModuleType) -> None:
    refuse_users(users.directory._client, "ListUsers", "InvalidParameterException")

    assert problem(call(users, "GET", USERS, query={"cursor": "YWJj"})) == (400, "invalid-request")


@pytest.mark.parametrize(("method", "resource"), OF_ONE)
def test_who_does_not_exist_is_not_found(users: ModuleType, method: str, resource: str) -> None:
    assert problem(call(users, method, resource, path_id=NOBODY, body={})) == (404, "not-found")


@pytest.mark.parametrize("path_id", ["ada@example.org", "me2", NOBODY.upper(), f"{NOBODY}0"])
@pytest.mark.parametrize(("method", "resource"), OF_ONE)
def test_nobody_is_found_but_by_id(users: ModuleType, pool: Pool, method: str, resource: str, path_id: str) -> None:
    pool.add("ada@example.org")

    # Cognito itself finds users by their address too.
    assert problem(call(users, method, resource, path_id=path_id, body={})) == (400, "invalid-request")
    assert len(pool.ids()) == 1


def test_role_access_and_name_are_changed_together(users: ModuleType, pool: Pool) -> None:
    user_id = pool.add("ada@example.org")

    answer = change(users, user_id, role="editor", enabled=False, name="Countess")

    user = document(answer)
    assert (user["role"], user["enabled"], user["name"]) == ("editor", False, "Countess")
    assert pool.groups(user_id) == {"editor"}
    assert document(change(users, user_id, enabled=True, name=""))["enabled"] is True


def test_an_empty_change_changes_nothing(users: ModuleType, pool: Pool) -> None:
    user_id = pool.add("ada@example.org")
    before = call(users, "GET", ONE, path_id=user_id)

    assert change(users, user_id)["body"] == before["body"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"role": "public"}, "/role"), ({"enabled": None}, "/enabled"), ({"email": "a@b.org"}, "/email")],
)
def test_a_change_that_does_not_fit_is_refused_by_field(
    users: ModuleType, pool: Pool, body: dict[str, Any], pointer: str
) -> None:
    answer = change(users, pool.add("ada@example.org"), **body)

    assert (problem(answer), pointers(answer)) == ((400, "invalid-request"), [pointer])


@pytest.mark.parametrize(("method", "status"), [("PUT", 200), ("DELETE", 204)])
def test_a_change_is_made_to_what_was_read(users: ModuleType, pool: Pool, method: str, status: int) -> None:
    user_id = pool.add("ada@example.org")
    tag = call(users, "GET", ONE, path_id=user_id)["headers"]["ETag"]
    change(users, user_id, name="Ada")
    stale = call(users, method, ONE, path_id=user_id, body={"name": "Eve"}, headers={"If-Match": tag})
    unread = call(users, method, ONE, path_id=user_id, body={"name": "Eve"}, headers={"If-Match": "x"})
    tag = call(users, "GET", ONE, path_id=user_id)["headers"]["ETag"]

    fresh = call(users, method, ONE, path_id=user_id, body={"name": "Eve"}, headers={"If-Match": tag})

    assert (problem(stale), problem(unread)) == ((412, "version-mismatch"), (400, "invalid-request"))
    assert fresh["statusCode"] == status


def test_who_has_the_user_is_not_sent_it_again(users: ModuleType, pool: Pool) -> None:
    user_id = pool.add("ada@example.org")
    tag = call(users, "GET", ONE, path_id=user_id)["headers"]["ETag"]

    assert call(users, "GET", ONE, path_id=user_id, headers={"If-None-Match": tag})["statusCode"] == 304


def test_a_deleted_user_is_gone(users: ModuleType, pool: Pool) -> None:
    user_id = pool.add("ada@example.org")

    statuses = [call(users, "DELETE", ONE, path_id=user_id)["statusCode"] for _ in range(2)]

    assert (statuses, pool.ids()) == ([204, 404], set())


@pytest.mark.parametrize("body", [{"role": "editor"}, {"enabled": False}, None], ids=["demote", "disable", "delete"])
def test_the_last_administrator_stays_one(users: ModuleType, pool: Pool, body: dict[str, Any] | None) -> None:
    user_id = pool.add("ada@example.org", "admin")
    pool.add("disabled@example.org", "admin", enabled=False)

    answer = call(users, "PUT" if body else "DELETE", ONE, path_id=user_id, body=body)

    assert problem(answer) == (409, "last-admin")
    user = document(call(users, "GET", ONE, path_id=user_id))
    assert (user["role"], user["enabled"]) == ("admin", True)


def test_an_invitation_is_sent_again_to_the_address(users: ModuleType, pool: Pool) -> None:
    user_id = pool.add("ada@example.org", invited=True)
    calls = refuse_users(users.directory._client, "AdminCreateUser", "UnsupportedUserStateException")

    answer = call(users, "POST", INVITATION, path_id=user_id)

    # What moto makes of it is another user.
    request = json.loads(calls[0]["body"])
    assert (request["Username"], request["MessageAction"]) == ("ada@example.org", "RESEND")
    assert problem(answer) == (409, "not-invited")


def test_who_has_accepted_is_not_invited_again(users: ModuleType, pool: Pool) -> None:
    user_id = pool.add("ada@example.org")
    calls = watch_users(users.directory._client)

    assert problem(call(users, "POST", INVITATION, path_id=user_id)) == (409, "not-invited")
    assert "AdminCreateUser" not in calls


@pytest.mark.parametrize("code", ["TooManyRequestsException", "LimitExceededException", "InternalErrorException"])
def test_a_busy_user_pool_is_told_as_such(users: ModuleType, code: str) -> None:
    refuse_users(users.directory._client, "ListUsers", code)

    answer = call(users, "GET", USERS)

    assert problem(answer) == (503, "unavailable")
    assert answer["headers"]["Retry-After"] == "2"


def test_what_is_ours_to_mend_tells_nothing(users: ModuleType) -> None:
    refuse_users(users.directory._client, "ListUsers", "AccessDeniedException")

    assert problem(call(users, "GET", USERS)) == (500, "internal-error")


def test_no_line_holds_a_name_or_an_address(users: ModuleType, pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    user_id = pool.add("kanarienvogel@example.org")
    capsys.readouterr()

    change(users, user_id, name="Kanarienvogel", role="editor")
    call(users, "GET", USERS)
    call(users, "POST", USERS, body={"email": "kanarienvogel@example.org", "role": "viewer"})

    written = capsys.readouterr().out
    assert written.count("\n") == 3
    assert "kanarienvogel" not in written.lower()
