"""Projects for the table, one or many at once."""

import json
import random
from collections.abc import Iterable, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from shared.clock import timestamp
from shared.projects.project import DEFAULTS, Project
from shared.table.projects import ProjectTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, WriteRequestTypeDef

NOON = 1769860800
EDITOR = "8f3c1d2e-7a64-4b0f-9c55-0d1e2f3a4b5c"
TAGS = ("Straße", "Brücke", "Park")
LOCALES = ("de", "en", "pt-BR")
TITLES = ("Äpfel", "apfel", "Zoo", "zebra", "Éclair", "eclair", "100 Tage")


def identifier(number: int) -> str:
    """Return the id of one of many projects."""
    return f"01990000-0000-7000-8000-{number:012d}"


def project(number: int = 1, **changes: Any) -> Project:
    """Return a published project with changes of its document; a change to None leaves the field out."""
    created = timestamp(NOON + number)
    document = {
        **DEFAULTS,
        "id": identifier(number),
        "version": 1,
        "title": f"Project {number}",
        "slug": f"project-{number}",
        "locale": "en",
        "status": "published",
        "created_at": created,
        "created_by": EDITOR,
        "updated_at": created,
        "updated_by": EDITOR,
        "published_at": created,
        **changes,
    }
    return Project({name: value for name, value in document.items() if value is not None})


def some(count: int, *, seed: int) -> list[Project]:
    """Return projects of every status, locale, tag and year, many of them alike in what lists are ordered by."""
    chance = random.Random(seed)
    return [_any(number, chance) for number in range(count)]


def put(client: "DynamoDBClient", table: str, before: Project | None, after: Project) -> Project:
    """Store what became of a project, as its worker does, and return it."""
    repository = ProjectTable(client, table)
    repository.remember_locale(after.document["locale"])
    client.transact_write_items(TransactItems=repository.writes(before, after, now=NOON))
    return after


def put_many(client: "DynamoDBClient", table: str, projects: Iterable[Project]) -> None:
    """Store new projects, each with all that its worker would write."""
    projects = list(projects)
    repository = ProjectTable(client, table)
    for locale in {project.document["locale"] for project in projects}:
        repository.remember_locale(locale)
    put_items(client, table, [write for project in projects for write in repository.writes(None, project, now=NOON)])


def put_items(client: "DynamoDBClient", table: str, writes: "Sequence[TransactWriteItemTypeDef]") -> None:
    """Store the items of the writes, many at once, without their conditions."""
    requests: list[WriteRequestTypeDef] = [{"PutRequest": {"Item": write["Put"]["Item"]}} for write in writes]
    for batch in batched(requests, 25, strict=False):
        client.batch_write_item(RequestItems={table: list(batch)})


def changed(before: Project, **changes: Any) -> Project:
    """Return the next version of a project; a change to None removes the field."""
    document = json.loads(json.dumps(before.document)) | changes
    document["version"] += 1
    slug = (document["locale"], document["slug"])
    return before._replace(
        document={name: value for name, value in document.items() if value is not None},
        revision=before.revision + 1,
        former=before.former if slug == before.slug else (*before.former, before.slug),
    )


def _any(number: int, chance: random.Random) -> Project:
    changes: dict[str, Any] = {
        "title": chance.choice(TITLES) + chance.choice(("", " 1", " 10")),
        "status": chance.choice(("draft", "published", "published", "archived")),
        "locale": chance.choice(LOCALES),
        "tags": chance.sample(TAGS, chance.randrange(3)),
        "featured": chance.random() < 0.3,
        "position": chance.randrange(5) * 10 ** chance.randrange(5),
        # Without a date, a project is of the day on which it was created.
        "date": chance.choice((None, "2024-12-31", "2025-01-01", "2025-06-30", "2026-01-31")),
        "deleted_at": timestamp(NOON + number) if chance.random() < 0.2 else None,
    }
    return project(number, created_at=timestamp(NOON + number // 4), **changes)
