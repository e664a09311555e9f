"""`sitewire project` on a running stage: what is taken out of it can be brought in again, once."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.routes import Role
from shared.projects.project import CONTENT
from tests.e2e.commands import Done, sitewire
from tests.e2e.conftest import Site

# No other test writes projects in it.
LOCALE = "fo"


def run(site: Site, *arguments: str) -> Done:
    """Run a command on the running stage."""
    return sitewire(site.folder.parent, "project", *arguments)


def create(site: Site, slug: str, **content: Any) -> dict[str, Any]:
    """Create a project and return it."""
    body = {"title": slug.title(), "slug": slug, "locale": LOCALE, **content}
    accepted = site.call("POST", "/api/projects", Role.EDITOR, json=body)
    assert accepted.status_code == 202, accepted.text
    site.await_applied(accepted.json()["operation_id"])
    return read(site, accepted.json()["id"])


def read(site: Site, project_id: str) -> dict[str, Any]:
    """Return a project as an editor sees it."""
    document: dict[str, Any] = site.call("GET", f"/api/projects/{project_id}", Role.EDITOR).json()
    return document


def content(document: dict[str, Any]) -> dict[str, Any]:
    """Return what editors write of a project, but what names it."""
    return {name: document[name] for name in CONTENT if name in document and name not in {"slug", "title"}}


@pytest.fixture
def originals(site: Site) -> dict[str, dict[str, Any]]:
    """Return projects of one locale, by their slugs."""
    # As if nobody were signed in: the seeded editor is to be taken.
    (site.folder.parent / "session-local.json").unlink(missing_ok=True)
    whole = {
        "body": site.plant("Ein Text über Brücken, der in keinem Protokoll steht."), "tags": ["Stál", "brú"],
        "links": [{"url": "https://example.org/a"}], "custom": {"length": "300 m"}, "seo": {"noindex": True},
        "images": [{"src": "content:bridge", "alt": "A bridge", "width": 800}], "date": "2026-05-01", "featured": True,
        "publish_at": "2027-01-01T12:00:00.000Z", "position": 7,
    }  # fmt: skip
    made = [create(site, "bru", **whole), create(site, "torn", status="published"), create(site, "hus")]
    return {document["slug"]: document for document in made}


def test_projects_leave_a_stage_and_come_back_once(
    site: Site, originals: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    file, changed = tmp_path / "all.jsonl", tmp_path / "changed.jsonl"

    exported = run(site, "export", str(file), "--locale", LOCALE, "--json")
    found = [json.loads(line) for line in file.read_text().splitlines()]
    copies = [{**document, "slug": f"{document['slug']}-copy"} for document in found]
    changed.write_text("".join(f"{json.dumps(document)}\n" for document in [*copies, originals["hus"]]))
    first, again = (run(site, "import", str(changed), "--json") for _ in range(2))
    after = run(site, "export", "--locale", LOCALE)

    assert (exported.code, json.loads(exported.out)["projects"]) == (0, 3), exported.err
    assert {document["slug"]: document for document in found} == originals
    told = json.loads(first.out)
    assert (first.code, told["created"], told["complete"]) == (1, 3, True)
    assert [(entry["line"], entry["reason"]) for entry in told["rejected"]] == [(4, "slug_taken")]
    assert (again.code, json.loads(again.out)) == (1, told)
    now = {document["slug"]: document for document in map(json.loads, after.out.splitlines())}
    assert now.keys() == originals.keys() | {f"{slug}-copy" for slug in originals}
    assert {slug: content(now[f"{slug}-copy"]) for slug in originals} == {
        slug: content(document) for slug, document in originals.items()
    }


def test_bad_lines_are_told_and_nothing_is_sent(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"title": "Good", "slug": "never-sent"}\n{"title": "Bad", "slug": "Not A Slug"}\n')

    done = run(site, "import", str(file))

    assert (done.code, done.out) == (2, "")
    assert f"{file}:2: /slug: Must be words of small letters" in done.err
    assert site.call("GET", "/api/projects/never-sent", Role.EDITOR).status_code == 404
