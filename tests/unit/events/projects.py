"""Commands to projects, as the bus carries them: variations of the one in `sqs_create_project.json`."""

import json
from typing import Any

from tests.unit import events

AUTHOR = "8f3c9a52-70d1-70c5-1b7e-2f0a4c6d8e10"
TITLE = "Analytical Engine"


def identifier(number: int) -> str:
    """Return the id of the command of a number; it is also that of the project which the command creates."""
    return f"01990000-0000-7000-8000-{number:012d}"


def moment(minute: int) -> str:
    """Return a time on the day of the events, in minutes after noon."""
    return f"2026-08-16T{12 + minute // 60:02d}:{minute % 60:02d}:00.000Z"


def command(name: str, *, number: int, minute: int | None = None, **data: Any) -> dict[str, Any]:
    """Return a command that was accepted so many minutes after noon, by default its number."""
    record = events.read("sqs_create_project")["Records"][0]
    detail: dict[str, Any] = json.loads(record["body"])["detail"]
    if name != "ReleaseProject":
        data = {"author": AUTHOR, **data}
    accepted = moment(number if minute is None else minute)
    return {**detail, "id": identifier(number), "name": name, "occurred_at": accepted, "data": data}


def create(number: int = 1, *, minute: int | None = None, **content: Any) -> dict[str, Any]:
    """Return the command that creates the project of its number."""
    project = {"title": TITLE, "locale": "en", **content}
    return command("CreateProject", number=number, minute=minute, project=project)


def patch(number: int, *, version: int, of: int = 1, minute: int | None = None, **changes: Any) -> dict[str, Any]:
    """Return a command that changes the project of the number `of`."""
    target = {"project_id": identifier(of), "version": version}
    return command("PatchProject", number=number, minute=minute, **target, patch=changes)


def replace(number: int, *, version: int, of: int = 1, minute: int | None = None, **content: Any) -> dict[str, Any]:
    """Return a command that replaces the project of the number `of`."""
    target = {"project_id": identifier(of), "version": version}
    project = {"title": TITLE, "locale": "en", **content}
    return command("ReplaceProject", number=number, minute=minute, **target, project=project)


def change(
    name: str, number: int, *, version: int, of: int = 1, minute: int | None = None, **data: Any
) -> dict[str, Any]:
    """Return a command that is made for a version of the project of the number `of`."""
    return command(name, number=number, minute=minute, project_id=identifier(of), version=version, **data)


def release(number: int, *, due_at: str, of: int = 1) -> dict[str, Any]:
    """Return the command that does what is due to the project of the number `of`."""
    return command("ReleaseProject", number=number, project_id=identifier(of), due_at=due_at)


def reorder(number: int, positions: dict[int, int], *, minute: int | None = None) -> dict[str, Any]:
    """Return the command that gives projects, by their numbers, new positions."""
    places = [{"id": identifier(of), "position": position} for of, position in positions.items()]
    return command("ReorderProjects", number=number, minute=minute, positions=places)
