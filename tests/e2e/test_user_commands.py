"""`sitewire user`, `login` and `token` on a running stage."""

import json
import stat
import uuid
from collections.abc import Iterator

import pytest

from schemas.routes import Role
from tests.e2e.commands import Done, sitewire
from tests.e2e.conftest import Site

PASSWORD = "Correct-Horse-42-Command"


def run(site: Site, *arguments: str, text: str | None = None) -> Done:
    """Run a command on the running stage."""
    return sitewire(site.folder.parent, *arguments, text=text)


@pytest.fixture
def email(site: Site) -> Iterator[str]:
    """Give an address, and delete whoever has it in the end."""
    address = site.plant(f"{uuid.uuid4().hex[:12]}@people.example")
    yield address
    run(site, "user", "delete", address, "--yes")


def user(site: Site, email: str) -> dict[str, object]:
    """Return a user as `show` tells of one."""
    done = run(site, "user", "show", email, "--json")
    assert done.code == 0, done.err
    found: dict[str, object] = json.loads(done.out)
    return found


def test_a_user_is_invited_changed_and_deleted(site: Site, email: str) -> None:
    created = run(site, "user", "create", email, "--role", "viewer", "--name", "Grace", "--json")
    made = json.loads(created.out)

    assert run(site, "user", "set-role", email, "editor").code == 0
    assert run(site, "user", "disable", made["id"]).code == 0
    changed = user(site, email)
    assert run(site, "user", "enable", email).code == 0
    listed = json.loads(run(site, "user", "list", "--json").out)
    deleted = run(site, "user", "delete", email, "--yes")
    gone = run(site, "user", "show", email)

    assert (made["role"], made["status"], made["name"]) == ("viewer", "invited", "Grace")
    assert (changed["role"], changed["enabled"]) == ("editor", False)
    assert made["id"] in {entry["id"] for entry in listed}
    assert (deleted.code, gone.code) == (0, 2)
    assert f"there is no user {email}" in gone.err


def test_an_invited_user_signs_in_with_the_command(site: Site, email: str) -> None:
    site.plant(PASSWORD)
    run(site, "user", "create", email, "--role", "editor")
    cognito = site.aws("cognito-idp")
    pool = site.outputs["user_pool"]
    cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True)

    signed_in = run(site, "login", "--email", email, "--password-stdin", text=f"{PASSWORD}\n")
    token = site.plant(run(site, "token").out.strip())
    kept = site.folder.parent / "session-local.json"
    mode = stat.S_IMODE(kept.stat().st_mode)
    listed = site.call("GET", "/api/contact", headers={"Authorization": f"Bearer {token}"})
    signed_out = run(site, "logout")
    after = run(site, "token")

    assert signed_in.code == 0, signed_in.err
    assert mode == 0o600
    assert listed.status_code == 200
    assert (signed_out.code, kept.exists()) == (0, False)
    assert (after.code, after.err.strip()) == (1, "sitewire: nobody is signed in on local: run 'sitewire login'")


def test_a_wrong_password_is_told_in_one_line(site: Site) -> None:
    done = run(site, "login", "--email", "nobody@people.example", "--password-stdin", text="Wrong-Horse-42-Guess\n")

    assert (done.code, done.out) == (1, "")
    assert done.err.strip().startswith("sitewire: These credentials don't open an account.")


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_a_seeded_user_of_each_role_is_signed_in(site: Site, role: str) -> None:
    token = site.plant(run(site, "token", "--role", role).out.strip())

    answer = site.call("GET", "/api/users", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == (200 if Role[role.upper()] is Role.ADMIN else 403)


def test_the_last_administrator_is_kept(site: Site) -> None:
    site.token(Role.ADMIN)

    done = run(site, "user", "set-role", "admin@seed.example", "viewer")

    assert done.code == 1
    assert done.err.strip().startswith("sitewire: this is the last enabled administrator")


def test_deletion_asks_first(site: Site) -> None:
    site.token(Role.EDITOR)

    done = run(site, "user", "delete", "editor@seed.example")

    assert (done.code, "there is no terminal to ask in: pass --yes" in done.err) == (2, True)
    assert user(site, "editor@seed.example")["enabled"] is True


@pytest.mark.parametrize("left_behind", ["{", "[]", "\udcff", '{"email": "x"}'])
def test_a_session_that_cannot_be_read_is_none(site: Site, left_behind: str) -> None:
    kept = site.folder.parent / "session-local.json"
    kept.write_bytes(left_behind.encode(errors="surrogateescape"))

    token, out = run(site, "token"), run(site, "logout")

    assert (token.code, token.err.strip()) == (1, "sitewire: nobody is signed in on local: run 'sitewire login'")
    assert (out.code, out.err.strip(), kept.exists()) == (0, "Nobody was signed in on local.", False)


def test_a_name_is_shown_as_it_was_written(site: Site, email: str) -> None:
    run(site, "user", "create", email, "--role", "viewer", "--name", "[/hello] [red]x")

    shown, listed = run(site, "user", "show", email), run(site, "user", "list")

    assert (shown.code, listed.code) == (0, 0)
    assert "[/hello] [red]x" in shown.out


def test_what_is_no_address_is_not_invited(site: Site) -> None:
    done = run(site, "user", "create", "x[/y]@example.org", "--role", "viewer")

    assert (done.code, "is no e-mail address" in done.err) == (2, True)
