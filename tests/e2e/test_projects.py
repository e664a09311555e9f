"""An editor's projects: written over HTTP, applied behind the queue, read back."""

import pytest

from schemas.routes import Role
from shared.ids import uuid7
from tests.e2e.conftest import Site
from tests.e2e.projects import (
    PROJECTS,
    WAIT,
    Kept,
    change,
    content,
    create,
    outcome,
    patch,
    public_status,
    read,
    send,
)

UNKNOWN = "01890a5d-ac96-774b-bcce-b302099a8057"


def test_a_project_is_accepted_applied_and_read(site: Site) -> None:
    written = content(site, tags=["brass", "steam"], date="1837-12-01", custom={"Cogs": "25,000"})

    answer = send(site, "POST", PROJECTS, json=written)

    accepted = answer.json()
    assert answer.status_code == 202
    assert answer.headers["Location"] == accepted["status_url"]
    assert accepted["status_url"] == site.url(f"/api/operations/{accepted['operation_id']}")
    assert outcome(site, accepted["operation_id"])["status"] == "applied"
    stored = read(site, accepted["id"]).document
    assert {name: stored[name] for name in written} == written
    assert (stored["version"], stored["status"]) == (1, "draft")
    assert stored["created_by"] == stored["updated_by"] == site.subject(Role.EDITOR)


def test_a_caller_who_waits_is_answered_the_project_as_it_is_read(site: Site) -> None:
    create(site)

    answer = send(site, "POST", PROJECTS, json=content(site), headers=WAIT)

    assert answer.status_code == 201
    assert answer.headers["Location"] == site.url(f"{PROJECTS}/{answer.json()['id']}")
    assert answer.headers["Preference-Applied"] == "wait=5"
    assert read(site, answer.json()["id"]) == Kept(answer.json(), answer.headers["ETag"])


def test_the_same_creation_sent_twice_is_one_project(site: Site) -> None:
    written = content(site)
    headers = {**WAIT, "Idempotency-Key": uuid7()}

    answers = [send(site, "POST", PROJECTS, json=written, headers=headers) for _ in range(2)]

    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert read(site, answers[0].json()["id"]).version == 1


def test_a_replacement_removes_what_it_does_not_name(site: Site) -> None:
    before = create(site, tags=["brass"], client="Royal Society", position=7)

    after = change(site, before, "PUT", json=content(site, client="Somebody else"))

    assert (after.version, after.document["tags"], after.document["client"]) == (2, [], "Somebody else")
    assert (after.document["slug"], after.document["position"]) == (before.document["slug"], 7)


def test_a_patch_leaves_what_it_does_not_name(site: Site) -> None:
    before = create(site, tags=["brass"], client="Royal Society", custom={"a": "1", "b": "2"})

    after = patch(site, before, client=None, custom={"a": None, "c": "3"})

    assert (after.version, after.document["tags"]) == (2, ["brass"])
    assert "client" not in after.document
    assert after.document["custom"] == {"b": "2", "c": "3"}
    assert after == read(site, before.id)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_change_of_what_somebody_else_changed_is_rejected_as_a_conflict(site: Site, method: str) -> None:
    stale = create(site)
    patch(site, stale, client="The first")

    answer = send(site, method, stale.path, stale.tag, json=content(site, client="The second"))

    assert answer.status_code == 202
    ended = outcome(site, answer.json()["operation_id"])
    assert (ended["status"], ended["reason"]) == ("rejected", "conflict")
    assert read(site, stale.id).document["client"] == "The first"


def test_who_waits_for_a_change_that_comes_too_late_gets_the_project_to_repeat_it(site: Site) -> None:
    stale = create(site)
    first = patch(site, stale, client="The first")

    late = send(site, "PATCH", stale.path, stale.tag, json={"summary": "Later"}, headers=WAIT)

    assert (late.status_code, late.json()["title"]) == (412, "Version mismatch")
    assert (late.json()["record"], late.headers["ETag"]) == first
    again = send(site, "PATCH", stale.path, late.headers["ETag"], json={"summary": "Later"}, headers=WAIT)
    assert (again.status_code, again.json()["version"]) == (200, 3)


@pytest.mark.parametrize(
    ("method", "action"), [("PUT", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/restore"), ("POST", "/purge")]
)
def test_a_change_must_tell_the_version_that_it_is_made_for(site: Site, method: str, action: str) -> None:
    answer = send(site, method, f"{PROJECTS}/{UNKNOWN}{action}", json=content(site))

    assert (answer.status_code, answer.json()["title"]) == (428, "Precondition required")


def test_the_trash_is_for_editors_until_a_project_is_taken_out_of_it(site: Site) -> None:
    public = create(site, status="published")

    trashed = change(site, public, "DELETE")

    assert public_status(site, public.id) == 404
    assert "deleted_at" in trashed.document
    assert trashed.id in _listed(site, "?status=trashed&limit=100", Role.EDITOR)
    assert trashed.id not in _listed(site, "?limit=100", Role.EDITOR)
    change(site, trashed, "POST", "/restore")
    assert public_status(site, public.id) == 200


def test_a_purged_project_is_gone_with_its_history(site: Site) -> None:
    trashed = change(site, create(site), "DELETE")

    answer = send(site, "POST", f"{trashed.path}/purge", trashed.tag, headers=WAIT)

    gone = [site.call("GET", f"{trashed.path}{part}", Role.EDITOR) for part in ("", "/versions", "/versions/1")]
    left = site.aws("dynamodb").query(
        TableName=site.outputs["table"],
        KeyConditionExpression="PK = :partition",
        ExpressionAttributeValues={":partition": {"S": f"PROJECT#{trashed.id}"}},
    )["Items"]
    assert answer.status_code == 200
    assert [found.status_code for found in gone] == [404, 404, 404]
    assert [set(item) for item in left] == [{"PK", "SK", "expires_at"}]


def test_a_change_of_a_purged_project_finds_none(site: Site) -> None:
    trashed = change(site, create(site), "DELETE")
    send(site, "POST", f"{trashed.path}/purge", trashed.tag, headers=WAIT)

    answer = send(site, "PATCH", trashed.path, trashed.tag, json={"client": "Nobody"}, headers=WAIT)

    assert (answer.status_code, answer.json()["title"]) == (404, "Not found")


def test_a_change_that_the_rules_forbid_is_rejected_with_the_reason(site: Site) -> None:
    here = create(site)

    answer = send(site, "POST", f"{here.path}/restore", here.tag, headers=WAIT)

    assert (answer.status_code, answer.json()["title"]) == (409, "Rejected")
    assert "not_in_trash" in answer.json()["detail"]
    assert answer.json()["record"] == here.document


def test_an_earlier_version_comes_back_as_a_new_one(site: Site) -> None:
    first = create(site, client="Royal Society")
    second = patch(site, first, client="Somebody else", status="published")

    third = change(site, second, "POST", "/revert", json={"version": 1})

    assert (third.version, third.document["client"]) == (3, "Royal Society")
    assert third.document["status"] == "published"


def test_the_history_tells_what_each_version_was_and_changed(site: Site) -> None:
    first = create(site, client="Royal Society")
    patch(site, first, client="Somebody else")

    listed = site.call("GET", f"{first.path}/versions", Role.EDITOR).json()["items"]
    earlier = site.call("GET", f"{first.path}/versions/1", Role.EDITOR).json()
    diff = site.call("GET", f"{first.path}/versions/2/diff", Role.EDITOR).json()

    assert [version["version"] for version in listed] == [2, 1]
    assert earlier == {name: value for name, value in first.document.items() if name != "position"}
    assert diff["changes"] == [{"pointer": "/client", "before": "Royal Society", "after": "Somebody else"}]


def test_a_new_order_is_the_order_of_the_list(site: Site) -> None:
    tag = f"order-{create(site).id}"
    kept = [create(site, tags=[tag], position=place) for place in (10, 20, 30)]
    positions = [{"id": project.id, "position": 30 - place} for place, project in enumerate(kept)]

    answer = send(site, "POST", f"{PROJECTS}/order", json={"positions": positions}, headers=WAIT)

    assert answer.status_code == 200
    assert _listed(site, f"?tag={tag}", Role.EDITOR) == [project.id for project in reversed(kept)]
    assert [read(site, project.id).version for project in kept] == [1, 1, 1]


@pytest.mark.parametrize(
    ("sort", "expected"), [("position", "abc"), ("-position", "cba"), ("date", "bca"), ("title", "cab")]
)
def test_a_list_is_in_the_order_that_is_asked_for(
    site: Site, sortable: tuple[str, dict[str, str]], sort: str, expected: str
) -> None:
    tag, ids = sortable

    pages = _pages(site, f"?tag={tag}&sort={sort}&limit=2")

    assert pages == [ids[name] for name in expected]


@pytest.fixture(scope="module")
def sortable(site: Site) -> tuple[str, dict[str, str]]:
    """Give a tag, and the ids of its projects by name: in another order by each of position, date and title."""
    tag = f"sort-{create(site).id}"
    places = {"a": (1, "1837-01-01", "M"), "b": (2, "1835-01-01", "Z"), "c": (3, "1836-01-01", "A")}
    ids = {}
    for name, (position, date, initial) in places.items():
        title = f"{initial}{content(site)['title']}"
        ids[name] = create(site, tags=[tag], position=position, date=date, title=title).id
    return tag, ids


def test_what_the_caller_has_is_not_sent_again(site: Site) -> None:
    kept = create(site)

    again = site.call("GET", kept.path, Role.EDITOR, headers={"If-None-Match": kept.tag})
    patch(site, kept, client="Somebody")
    changed = site.call("GET", kept.path, Role.EDITOR, headers={"If-None-Match": kept.tag})

    assert (again.status_code, again.text) == (304, "")
    assert changed.status_code == 200


def _listed(site: Site, query: str, role: Role | None = None) -> list[str]:
    return [item["id"] for item in site.call("GET", f"{PROJECTS}{query}", role).json()["items"]]


def _pages(site: Site, query: str) -> list[str]:
    found, cursor = [], ""
    while cursor is not None:
        page = site.call("GET", f"{PROJECTS}{query}{cursor}", Role.EDITOR).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    return found
