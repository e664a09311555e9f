from collections.abc import Callable
from types import ModuleType

import pytest

from schemas.responses import User
from tests.functional.faults import watch_users
from tests.functional.functions.users.calls import call, document, pointers, problem
from tests.functional.pools import Pool

ME = "/api/users/me"


@pytest.fixture
def me(load: Callable[[str], ModuleType], pool: Pool) -> ModuleType:  # noqa: ARG001
    """Return the function."""
    return load("functions.users.me")


@pytest.fixture
def ada(pool: Pool) -> str:
    """Return the id of a user beside whom there is another."""
    pool.add("somebody@example.org")
    return pool.add("ada@example.org")


def test_users_read_their_own_account_with_the_role_of_their_token(me: ModuleType, ada: str) -> None:
    answer = call(me, "GET", ME, caller=(ada, "viewer"))

    user = User.model_validate(document(answer))
    assert (answer["statusCode"], user.id, user.email, user.role) == (200, ada, "ada@example.org", "viewer")


def test_users_change_their_own_name_and_nothing_else(me: ModuleType, ada: str, pool: Pool) -> None:
    answer = call(me, "PUT", ME, caller=(ada, "viewer"), body={"name": " Countess "})
    refused = call(me, "PUT", ME, caller=(ada, "viewer"), body={"name": "x", "role": "admin"})

    assert (answer["statusCode"], document(answer)["name"]) == (200, "Countess")
    assert (problem(refused), pointers(refused)) == ((400, "invalid-request"), ["/role"])
    assert pool.groups(ada) == {"viewer"}


def test_an_empty_name_is_none(me: ModuleType, ada: str) -> None:
    call(me, "PUT", ME, caller=(ada, "viewer"), body={"name": "Ada"})

    assert "name" not in document(call(me, "PUT", ME, caller=(ada, "viewer"), body={"name": ""}))


def test_a_change_is_made_to_what_was_read(me: ModuleType, ada: str) -> None:
    tag = call(me, "GET", ME, caller=(ada, "viewer"))["headers"]["ETag"]

    answers = [
        call(me, "PUT", ME, caller=(ada, "viewer"), body={"name": name}, headers={"If-Match": tag})["statusCode"]
        for name in ("Ada", "Eve")
    ]

    assert answers == [200, 412]


def test_who_has_it_is_not_sent_it_again(me: ModuleType, ada: str) -> None:
    tag = call(me, "GET", ME, caller=(ada, "viewer"))["headers"]["ETag"]

    assert call(me, "GET", ME, caller=(ada, "viewer"), headers={"If-None-Match": tag})["statusCode"] == 304


@pytest.mark.parametrize("subject", ["somebody@example.org", "auth0|1", "x"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_subject_of_another_issuer_is_nobody_here(me: ModuleType, ada: str, method: str, subject: str) -> None:
    calls = watch_users(me.users._client)

    answer = call(me, method, ME, caller=(subject, "viewer"), body={"name": ada})

    # Cognito would find the user whose address the subject is.
    assert (problem(answer), calls) == ((404, "not-found"), [])


def test_a_deleted_user_is_not_found(me: ModuleType, ada: str, pool: Pool) -> None:
    pool.cognito.admin_delete_user(UserPoolId=pool.id, Username=ada)

    assert problem(call(me, "GET", ME, caller=(ada, "viewer"))) == (404, "not-found")


def test_only_the_two_permitted_operations_are_called(me: ModuleType, ada: str) -> None:
    calls = watch_users(me.users._client)

    call(me, "PUT", ME, caller=(ada, "viewer"), body={"name": "Ada"})

    assert set(calls) == {"AdminGetUser", "AdminUpdateUserAttributes"}
