"""When and where a visitor finds a project: published, previewed, moved, scheduled."""

import time

from schemas.routes import Role
from shared.clock import timestamp
from tests.e2e.conftest import Site, eventually
from tests.e2e.projects import PROJECTS, Kept, create, patch, public_status, read


def test_a_draft_is_for_editors_alone(site: Site) -> None:
    draft = create(site, tags=[tag := f"draft-{time.time_ns()}"])

    statuses = [public_status(site, name) for name in (draft.id, draft.document["slug"])]

    visitors = site.call("GET", f"{PROJECTS}?tag={tag}").json()["items"]
    viewers = site.call("GET", f"{PROJECTS}?tag={tag}&status=draft", Role.VIEWER).json()["items"]
    editors = site.call("GET", f"{PROJECTS}?tag={tag}&status=draft", Role.EDITOR).json()["items"]
    assert statuses == [404, 404]
    assert (visitors, viewers) == ([], [])
    assert [item["id"] for item in editors] == [draft.id]


def test_a_published_project_tells_visitors_nothing_of_its_editors(site: Site) -> None:
    public = create(site, status="published")

    answer = site.call("GET", f"{PROJECTS}/{public.document['slug']}")

    assert (answer.status_code, answer.json()["id"]) == (200, public.id)
    assert not {"created_by", "updated_by"} & set(answer.json())
    assert "s-maxage" in answer.headers["Cache-Control"]
    assert "Authorization" in answer.headers["Vary"]
    again = site.call("GET", f"{PROJECTS}/{public.id}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_preview_link_opens_its_draft_and_no_other(site: Site) -> None:
    draft, other = create(site), create(site)

    made = site.call("POST", f"{draft.path}/preview", Role.EDITOR, json={"expires_in": 60})

    token = site.plant(made.json()["token"])
    opened = site.session.get(made.json()["url"], timeout=30)
    assert made.status_code == 201
    assert (opened.status_code, opened.json()["title"]) == (200, draft.document["title"])
    assert opened.headers["Cache-Control"] == "private, no-cache"
    assert public_status(site, f"{other.id}?preview={token}") == 404
    assert public_status(site, draft.id) == 404


def test_a_former_slug_leads_to_the_project(site: Site) -> None:
    first = create(site, status="published")
    former = first.document["slug"]
    patch(site, first, slug=f"moved-{former}")

    moved = site.call("GET", f"{PROJECTS}/{former}")

    assert moved.status_code == 301
    followed = site.session.get(site.url(f"{PROJECTS}/{former}"), timeout=30)
    assert followed.url == moved.headers["Location"]
    assert (followed.status_code, followed.json()["id"]) == (200, first.id)


def test_a_former_slug_of_a_draft_leads_nowhere(site: Site) -> None:
    draft = create(site)
    patch(site, draft, slug=f"moved-{draft.document['slug']}")

    assert public_status(site, draft.document["slug"]) == 404


def test_the_same_slug_names_another_project_in_another_locale(site: Site) -> None:
    english = create(site, locale="en", status="published")
    german = create(site, locale="de", status="published", slug=english.document["slug"])

    found = site.call("GET", f"{PROJECTS}/{english.document['slug']}?locale=de")

    assert found.json()["id"] == german.id


def test_a_project_is_published_when_its_time_has_come(site: Site) -> None:
    draft = patch(site, create(site), status="published", publish_at=_in_seconds(2))
    before = public_status(site, draft.id)

    public = eventually(lambda: _released(site, draft))

    assert (draft.document["status"], before) == ("draft", 404)
    assert (public.document["status"], public.version) == ("published", draft.version + 1)
    assert public.document["published_at"] == draft.document["publish_at"]
    assert public_status(site, draft.id) == 200


def test_a_project_is_archived_when_its_time_is_over(site: Site) -> None:
    public = patch(site, create(site), status="published", unpublish_at=_in_seconds(2))
    before = public_status(site, public.id)

    archived = eventually(lambda: _released(site, public))

    assert before == 200
    assert (archived.document["status"], archived.version) == ("archived", public.version + 1)
    assert public_status(site, public.id) == 404


def _in_seconds(seconds: float) -> str:
    return timestamp(time.time() + seconds)


def _released(site: Site, kept: Kept) -> Kept | None:
    """Ask for what is due, and return the project once that has changed it."""
    site.aws("lambda").invoke(FunctionName=site.outputs["functions"]["release_projects"], Payload=b"{}")
    now = read(site, kept.id)
    return now if now.document["status"] != kept.document["status"] else None
