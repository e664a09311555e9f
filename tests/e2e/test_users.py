"""From an invitation to the end of a session, over HTTP."""

import base64
import hmac
import html
import re
import time
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import requests

from schemas.routes import Role
from tests.e2e.conftest import SITE, Site, eventually

PASSWORD = "Correct-Horse-42-Battery"
ACCESS = {Role.EDITOR: 200, Role.VIEWER: 403}


class Account(NamedTuple):
    """Somebody who was invited."""

    site: Site
    id: str
    email: str
    temporary_password: str

    def sign_in(self, **fields: str) -> requests.Response:
        """Ask for tokens."""
        return self.site.call("POST", "/api/auth/token", json={"email": self.email, **fields})

    def activate(self) -> dict[str, Any]:
        """Replace the temporary password and return the tokens."""
        challenge = self.sign_in(password=self.temporary_password).json()
        assert challenge["challenge"] == "new_password_required"
        tokens: dict[str, Any] = self.sign_in(session=challenge["session"], new_password=PASSWORD).json()
        self.site.planted.update(tokens[name] for name in ("access_token", "refresh_token"))
        return tokens


def invite(site: Site, role: str) -> Account:
    """Invite somebody and read the mail with the temporary password."""
    email = site.plant(f"{uuid.uuid4().hex[:12]}@people.example")
    answer = site.call("POST", "/api/users", Role.ADMIN, json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"].endswith(f"/api/users/{answer.json()['id']}")
    (mail,) = eventually(lambda: site.mails_to(email))
    found = re.search(r"temporary password <b>([^<]+)</b>", mail["BodyHtml"])
    assert found, mail
    return Account(site, answer.json()["id"], email, site.plant(html.unescape(found[1])))


def code_of(secret: str) -> str:
    """Return the code of an authenticator at this moment (RFC 6238)."""
    counter = (int(time.time()) // 30).to_bytes(8)
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, "sha1")
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture
def editor(site: Site) -> Iterator[Account]:
    """Invite an editor, and delete whoever is left of one."""
    site.plant(PASSWORD)
    account = invite(site, "editor")
    yield account
    site.call("DELETE", f"/api/users/{account.id}", Role.ADMIN)


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def test_an_invited_editor_signs_in_and_edits(site: Site, editor: Account) -> None:
    tokens = editor.activate()

    listed = site.call("GET", "/api/contact", headers=bearer(tokens))

    assert (tokens["token_type"], listed.status_code) == ("Bearer", 200)
    assert site.call("GET", "/api/users", headers=bearer(tokens)).status_code == 403


def test_an_access_token_is_renewed_until_its_owner_logs_out(site: Site, editor: Account) -> None:
    refresh = {"refresh_token": editor.activate()["refresh_token"]}

    renewed = site.call("POST", "/api/auth/refresh", json=refresh)
    logged_out = site.call("POST", "/api/auth/logout", json=refresh)
    late = site.call("POST", "/api/auth/refresh", json=refresh)

    site.plant(renewed.json()["access_token"])
    assert site.call("GET", "/api/contact", headers=bearer(renewed.json())).status_code == 200
    assert logged_out.status_code == 204
    assert (late.status_code, late.json()["title"]) == (401, "Invalid credentials")


@pytest.mark.parametrize("end", ["disable", "delete"])
def test_who_is_disabled_or_deleted_has_no_session_left(site: Site, editor: Account, end: str) -> None:
    refresh = {"refresh_token": editor.activate()["refresh_token"]}

    if end == "disable":
        ended = site.call("PUT", f"/api/users/{editor.id}", Role.ADMIN, json={"enabled": False})
    else:
        ended = site.call("DELETE", f"/api/users/{editor.id}", Role.ADMIN)

    assert ended.ok, ended.text
    assert site.call("POST", "/api/auth/refresh", json=refresh).status_code == 401
    assert editor.sign_in(password=PASSWORD).status_code == 401


def test_who_is_enabled_again_signs_in_again(site: Site, editor: Account) -> None:
    editor.activate()
    site.call("PUT", f"/api/users/{editor.id}", Role.ADMIN, json={"enabled": False})

    site.call("PUT", f"/api/users/{editor.id}", Role.ADMIN, json={"enabled": True})

    again = editor.sign_in(password=PASSWORD)
    assert again.status_code == 200
    site.planted.update(again.json()[name] for name in ("access_token", "refresh_token"))


def test_a_role_takes_effect_with_the_next_token(site: Site, editor: Account) -> None:
    refresh = {"refresh_token": editor.activate()["refresh_token"]}

    changed = site.call("PUT", f"/api/users/{editor.id}", Role.ADMIN, json={"role": "viewer", "name": "Grace"})

    renewed = site.call("POST", "/api/auth/refresh", json=refresh).json()
    site.plant(renewed["access_token"])
    assert (changed.json()["role"], changed.json()["name"]) == ("viewer", "Grace")
    assert site.call("GET", "/api/contact", headers=bearer(renewed)).status_code == 403


def test_an_invitation_is_sent_again_until_it_is_accepted(site: Site, editor: Account) -> None:
    first = site.call("POST", f"/api/users/{editor.id}/invitation", Role.ADMIN)
    mails = eventually(lambda: found if len(found := site.mails_to(editor.email)) == 2 else None)
    editor.activate()
    late = site.call("POST", f"/api/users/{editor.id}/invitation", Role.ADMIN)

    assert (first.status_code, len(mails), late.status_code) == (204, 2, 409)


def test_users_change_their_own_name_and_nothing_else(site: Site, editor: Account) -> None:
    headers = bearer(editor.activate())

    renamed = site.call("PUT", "/api/users/me", headers=headers, json={"name": "Grace"})
    promoted = site.call("PUT", "/api/users/me", headers=headers, json={"role": "admin"})

    found = site.call("GET", f"/api/users/{editor.id}", Role.ADMIN).json()
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Grace")
    assert promoted.status_code == 400
    assert "/role" in {error["pointer"] for error in promoted.json()["errors"]}
    assert (found["name"], found["role"]) == ("Grace", "editor")


def test_a_challenge_is_answered_only_by_whom_it_was_put_to(site: Site, editor: Account) -> None:
    challenge = editor.sign_in(password=editor.temporary_password).json()

    made_up = editor.sign_in(session="A" * 64, new_password=PASSWORD)
    elsewhere = site.call(
        "POST",
        "/api/auth/token",
        json={"email": "admin@seed.example", "session": challenge["session"], "new_password": PASSWORD},
    )

    assert (made_up.status_code, elsewhere.status_code) == (401, 401)


def test_who_has_a_second_factor_is_asked_for_its_code(site: Site, editor: Account) -> None:
    access_token = editor.activate()["access_token"]
    cognito = site.aws("cognito-idp")
    secret = cognito.associate_software_token(AccessToken=access_token)["SecretCode"]
    cognito.verify_software_token(AccessToken=access_token, UserCode=code_of(secret))
    cognito.set_user_mfa_preference(
        AccessToken=access_token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )

    challenge = editor.sign_in(password=PASSWORD).json()
    wrong = editor.sign_in(session=challenge["session"], code="000000")
    challenge_again = editor.sign_in(password=PASSWORD).json()
    right = editor.sign_in(session=challenge_again["session"], code=code_of(secret))

    assert challenge["challenge"] == "software_token_mfa"
    assert (wrong.status_code, right.status_code) == (401, 200)
    site.planted.update(right.json()[name] for name in ("access_token", "refresh_token"))
    assert site.call("GET", f"/api/users/{editor.id}", Role.ADMIN).json()["mfa"] is True


def test_a_weak_password_is_refused_at_its_field(editor: Account) -> None:
    challenge = editor.sign_in(password=editor.temporary_password).json()

    weak = editor.sign_in(session=challenge["session"], new_password="all-small-letters")

    assert (weak.status_code, weak.json()["errors"][0]["pointer"]) == (400, "/new_password")


def test_an_address_is_invited_once(site: Site, editor: Account) -> None:
    again = site.call("POST", "/api/users", Role.ADMIN, json={"email": editor.email.upper(), "role": "viewer"})

    assert again.status_code == 409


def test_users_are_listed_page_by_page(site: Site, editor: Account) -> None:
    listed, cursor = [], ""
    while True:
        page = site.call("GET", f"/api/users?limit=2{cursor}", Role.ADMIN).json()
        listed += [user["id"] for user in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert editor.id in listed
    assert len(set(listed)) == len(listed)


def test_the_last_administrator_stays(site: Site) -> None:
    admins = [
        user
        for user in site.call("GET", "/api/users?limit=60", Role.ADMIN).json()["items"]
        if user["role"] == "admin" and user["enabled"]
    ]
    (last,) = admins

    answers = [
        site.call("DELETE", f"/api/users/{last['id']}", Role.ADMIN),
        site.call("PUT", f"/api/users/{last['id']}", Role.ADMIN, json={"role": "editor"}),
        site.call("PUT", f"/api/users/{last['id']}", Role.ADMIN, json={"enabled": False}),
    ]

    assert [(answer.status_code, answer.json()["type"]) for answer in answers] == [
        (409, "urn:sitewire:problem:last-admin")
    ] * 3


@pytest.mark.parametrize("kind", ["nobody", "wrong password"])
def test_a_refused_sign_in_does_not_tell_who_has_an_account(site: Site, editor: Account, kind: str) -> None:
    email = editor.email if kind == "wrong password" else "nobody@people.example"

    answer = site.call("POST", "/api/auth/token", json={"email": email, "password": "Wrong-Horse-42-Battery"})

    told = {name: value for name, value in answer.json().items() if name != "request_id"}
    assert answer.status_code == 401
    assert told == {
        "type": "urn:sitewire:problem:invalid-credentials",
        "title": "Invalid credentials",
        "status": 401,
        "detail": "These credentials don't open an account. Check them, or begin the sign-in again.",
        "instance": "/api/auth/token",
    }


def test_guessing_at_one_account_ends_after_ten_attempts(site: Site) -> None:
    guess = {"email": "target@people.example", "password": "Wrong-Horse-42-Battery"}

    answers = [site.call("POST", "/api/auth/token", json=guess, headers={"Origin": SITE}) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].headers["Access-Control-Allow-Origin"] == SITE
