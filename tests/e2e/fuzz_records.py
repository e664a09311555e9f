"""Records that fuzzed requests are aimed at: some of each kind, with a history."""

import uuid
from typing import Any

from schemas.routes import Role
from tests.e2e.conftest import Site
from tests.e2e.fuzz_cases import Records

_SUBMISSIONS, _PROJECTS, _USERS, _DOOMED = 10, 12, 6, 3
_FIRST_VERSION = '"1-0000000000000000"'


def make_records(site: Site) -> Records:
    """Make records over HTTP, and return them once they are applied."""
    run = uuid.uuid4().hex[:8]
    submissions = [site.submit() for _ in range(_SUBMISSIONS)]
    projects = [_create(site, "/api/projects", _project(run, number)) for number in range(_PROJECTS)]
    users = [
        _create(site, "/api/users", {"email": f"{run}-{number}@people.example", "role": "viewer"})
        for number in range(_USERS)
    ]
    for message_id in submissions + projects:
        site.await_applied(message_id)
    for number, project in enumerate(projects):
        _rename(site, project, f"crossing-{run}-{number}")
    made = {"contact": submissions, "operations": submissions + projects, "projects": projects, "users": users}
    lists = ("/api/contact", "/api/projects", f"/api/projects/{projects[-1]}/versions", "/api/users")
    return Records(
        ids={family: ids[_DOOMED:] for family, ids in made.items()},
        doomed={family: ids[:_DOOMED] for family, ids in made.items()},
        slugs=[f"{name}-{run}-{number}" for name in ("bridge", "crossing") for number in range(_PROJECTS)],
        previews=[_preview(site, project) for project in projects[-2:]],
        cursors={path.replace(projects[-1], "{id}"): [_cursor(site, path)] for path in lists},
        callers={role: {"Authorization": f"Bearer {site.token(role)}"} for role in Role if role > Role.PUBLIC},
        key=_key(site),
    )


def _project(run: str, number: int) -> dict[str, Any]:
    return {
        "title": f"Bridge {number}",
        "slug": f"bridge-{run}-{number}",
        "locale": ["en", "de"][number % 2],
        "status": ["draft", "published"][number // 2 % 2],
        "tags": ["Steel", "über"],
        "featured": number < 3,
        "date": f"20{number:02}-05-01",
        "body": "# Bridge\n" * 200,
        "cover": {"src": "content:bridge.jpg", "alt": "a bridge"},
    }


def _create(site: Site, path: str, content: dict[str, Any]) -> str:
    answer = site.call("POST", path, Role.ADMIN, json=content)
    assert answer.ok, answer.text
    return str(answer.json()["id"])


def _rename(site: Site, project: str, slug: str) -> None:
    """Give a project another slug and, by that, a second version and a former slug."""
    headers = {"If-Match": _FIRST_VERSION, "Prefer": "wait=5"}
    answer = site.call("PATCH", f"/api/projects/{project}", Role.EDITOR, json={"slug": slug}, headers=headers)
    assert answer.ok, answer.text


def _preview(site: Site, project: str) -> str:
    answer = site.call("POST", f"/api/projects/{project}/preview", Role.EDITOR, json={})
    assert answer.ok, answer.text
    return site.plant(answer.json()["token"])


def _cursor(site: Site, path: str) -> str:
    answer = site.call("GET", f"{path}?limit=1", Role.ADMIN)
    assert answer.ok, answer.text
    return str(answer.json()["next_cursor"])


def _key(site: Site) -> dict[str, str]:
    """Return the header that opens the one route that needs a key."""
    gateway = site.aws("apigateway")
    plan = next(plan for plan in gateway.get_usage_plans()["items"] if plan["name"].endswith("-premium"))
    made = gateway.create_api_key(name="fuzz", enabled=True)
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=made["id"], keyType="API_KEY")
    return {"X-Api-Key": site.plant(made["value"])}
