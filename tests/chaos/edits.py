"""Changes of projects as editors send them: one after the other, and sometimes two of the same version."""

import random
from collections.abc import Iterator
from typing import Any

from schemas.routes import Role
from tests.chaos.ingest import Sent

_PATH = "/api/projects/{project}"
CREATE, PATCH, DELETE, RESTORE = "create", "patch", "delete", "restore"


def edits(count: int, chance: random.Random) -> list[list[Sent]]:
    """Return so many changes, of several projects: of each a list that is to be sent in its order."""
    projects: list[list[Sent]] = []
    left = count
    while left:
        changes = [sent for sent, _ in zip(_changes(len(projects), chance), range(left), strict=False)]
        projects.append(changes)
        left -= len(changes)
    return projects


def _changes(project: int, chance: random.Random) -> Iterator[Sent]:
    label = f"project{project}"
    created = Sent(
        f"{label}.{CREATE}", "projects", "POST", "/api/projects", {"title": f"Engine {project}", "client": "nobody"},
        {"Idempotency-Key": f"{label}-{chance.getrandbits(64)}"}, role=Role.EDITOR,
    )  # fmt: skip
    yield created
    version, trashed = 1, False
    for _ in range(chance.randrange(2, 7)):
        action = RESTORE if trashed else chance.choices([PATCH, DELETE], [5, 1])[0]
        rivals = 2 if chance.random() < 0.2 else 1
        for rival in range(rivals):
            yield _change(f"{label}.{version}{'ab'[rival]}", action, version, created, chance)
        version += 1
        trashed = action == DELETE


def _change(label: str, action: str, version: int, created: Sent, chance: random.Random) -> Sent:
    body: Any = None
    method, path = {PATCH: ("PATCH", _PATH), DELETE: ("DELETE", _PATH), RESTORE: ("POST", f"{_PATH}/restore")}[action]
    if action == PATCH:
        body = {"client": label, "status": chance.choice(["draft", "published"])}
    headers = {"If-Match": f'"{version}-{"0" * 16}"', "Idempotency-Key": f"{label}-{chance.getrandbits(64)}"}
    sent = Sent(f"{label}.{action}", "projects", method, path, body, headers, role=Role.EDITOR)
    sent.project = created
    return sent
