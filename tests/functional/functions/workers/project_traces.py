"""What belongs in the table beside the projects' records, and nothing else."""

import json
from typing import Any

from shared.projects.project import KEPT_VERSIONS, Project
from shared.table.project_entries import entries
from tests.functional.functions.workers.project_bench import ProjectBench

Item = dict[str, Any]
Items = dict[tuple[str, str], Item]


def require_exact(bench: ProjectBench) -> None:
    """Hold what is stored against what follows from the projects as they are: neither more nor less."""
    stored = bench.items()
    records = {place: item for place, item in stored.items() if place[1] == "RECORD"}
    expected: Items = {}
    for (partition, _), record in records.items():
        project = bench.get(partition.removeprefix("PROJECT#"))
        assert project is not None
        if isinstance(project, Project):
            expected |= _belongings(project, stored)
        else:
            assert record.keys() == {"PK", "SK", "expires_at"}
    elsewhere = {
        place: item
        for place, item in stored.items()
        if place not in records and not place[0].startswith(("LEDGER#", "EARLY#")) and place != ("PROJECTS", "LOCALES")
    }
    assert elsewhere == expected


def _belongings(project: Project, stored: Items) -> Items:
    """Return what belongs to a project; of its versions, the documents of earlier ones are taken as they are."""
    partition = f"PROJECT#{project.id}"
    latest = {name: value for name, value in project.document.items() if name != "position"}
    kept = range(max(1, project.version - KEPT_VERSIONS + 1), project.version + 1)
    versions: Items = {
        (partition, f"VERSION#{number:09d}"): stored.get((partition, f"VERSION#{number:09d}"), {}) for number in kept
    }
    assert [json.loads(item["document"])["version"] for item in versions.values()] == list(kept)
    assert json.loads(versions[partition, f"VERSION#{project.version:09d}"]["document"]) == latest
    slugs: Items = {
        (f"SLUG#{locale}#{slug}", "SLUG"): {"PK": f"SLUG#{locale}#{slug}", "SK": "SLUG", "project_id": project.id}
        for locale, slug in (project.slug, *project.former)
    }
    listed = {(entry["PK"], entry["SK"]): entry for entry in entries(project).values()}
    return {**versions, **slugs, **listed, **_due(project, stored)}


def _due(project: Project, stored: Items) -> Items:
    if project.due_at is None:
        return {}
    place = (f"PROJECT#{project.id}", "DUE")
    due = {
        "PK": place[0],
        "SK": place[1],
        "GSI1PK": "PROJECTS#due",
        "GSI1SK": f"{project.due_at}#{project.id}",
        "project_id": project.id,
        "due_at": project.due_at,
        "since": stored.get(place, {}).get("since"),
    }
    return {place: due}
