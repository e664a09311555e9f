"""Projects, as the program of an editor writes and reads them."""

from typing import Any, NamedTuple

from requests import Response

from schemas.routes import Role
from shared.ids import uuid7
from tests.e2e.conftest import Site, eventually

PROJECTS = "/api/projects"
WAIT = {"Prefer": "wait=5"}
CHANGED, CREATED, ACCEPTED = 200, 201, 202


class Kept(NamedTuple):
    """A project as it was read: the document, and the entity tag that a change of it must show."""

    document: dict[str, Any]
    tag: str

    @property
    def id(self) -> str:
        """Return its id."""
        return str(self.document["id"])

    @property
    def path(self) -> str:
        """Return its path."""
        return f"{PROJECTS}/{self.id}"

    @property
    def version(self) -> int:
        """Return its version."""
        return int(self.document["version"])


def content(site: Site, **fields: Any) -> dict[str, Any]:
    """Return what an editor writes of a project like no other; no log may hold its title or body."""
    mark = uuid7()
    texts = {"title": f"Engine {mark}", "body": f"# Cogs\n\nThe body of {mark}.", **fields}
    for name in ("title", "body"):
        site.plant(texts[name])
    return texts


def send(site: Site, method: str, path: str, tag: str = "", **options: Any) -> Response:
    """Send an editor's change, for the version that `tag` tells."""
    headers = {**options.pop("headers", {}), **({"If-Match": tag} if tag else {})}
    return site.call(method, path, Role.EDITOR, headers=headers, **options)


def outcome(site: Site, operation_id: str) -> dict[str, Any]:
    """Return an operation once it is known how it ended."""
    return eventually(lambda: _ended(site, operation_id))


def read(site: Site, name: str, **options: Any) -> Kept:
    """Return a project as an editor reads it, by id or slug."""
    answer = site.call("GET", f"{PROJECTS}/{name}", Role.EDITOR, **options)
    assert answer.status_code == 200, answer.text
    return Kept(answer.json(), answer.headers["ETag"])


def create(site: Site, **fields: Any) -> Kept:
    """Create a project and return it."""
    answer = send(site, "POST", PROJECTS, json=content(site, **fields), headers=WAIT)
    return _settled(site, answer)


def change(site: Site, kept: Kept, method: str, action: str = "", **options: Any) -> Kept:
    """Send a change that must succeed and return the project after it."""
    return _settled(site, send(site, method, kept.path + action, kept.tag, headers=WAIT, **options))


def patch(site: Site, kept: Kept, **fields: Any) -> Kept:
    """Change some fields and return the project after it."""
    return change(site, kept, "PATCH", json=fields)


def public_status(site: Site, name: str) -> int:
    """Return the status that a visitor is answered who asks for a project."""
    return site.call("GET", f"{PROJECTS}/{name}").status_code


def _settled(site: Site, answer: Response) -> Kept:
    """Return the project of a write's answer; on a slow machine the caller may have waited in vain."""
    if answer.status_code == ACCEPTED:
        assert outcome(site, answer.json()["operation_id"])["status"] == "applied"
        return read(site, answer.json()["id"])
    assert answer.status_code in {CHANGED, CREATED}, answer.text
    return Kept(answer.json(), answer.headers["ETag"])


def _ended(site: Site, operation_id: str) -> dict[str, Any] | None:
    operation: dict[str, Any] = site.call("GET", f"/api/operations/{operation_id}").json()
    return operation if operation["status"] != "pending" else None
