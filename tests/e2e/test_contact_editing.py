"""Editors list, read, change and erase submissions."""

import pytest

from schemas.routes import Role
from tests.e2e.conftest import Site

UNKNOWN = "/api/contact/01890a5d-ac96-774b-bcce-b302099a8057"


def test_the_list_goes_from_the_newest_back_page_by_page(site: Site) -> None:
    ids = [site.submit(subject=f"Page {number}") for number in range(5)]
    for accepted in ids:
        site.await_applied(accepted)

    first = site.call("GET", "/api/contact?limit=3", Role.EDITOR).json()
    second = site.call("GET", f"/api/contact?limit=3&cursor={first['next_cursor']}", Role.EDITOR).json()

    listed = [item["id"] for item in first["items"] + second["items"]]
    assert listed[:5] == list(reversed(ids))
    assert len(set(listed)) == len(listed)


def test_spam_is_listed_only_when_asked_for(site: Site) -> None:
    spam = site.submit(website="https://spam.example")
    site.await_applied(spam)

    usual = site.call("GET", "/api/contact?limit=100", Role.EDITOR).json()["items"]
    asked = site.call("GET", "/api/contact?spam=true&limit=100", Role.EDITOR).json()["items"]

    assert spam not in {item["id"] for item in usual}
    assert spam in {item["id"] for item in asked}
    assert {item["status"] for item in asked} == {"spam"}


def test_a_submission_moves_between_statuses(site: Site) -> None:
    accepted = site.submit()
    site.await_applied(accepted)

    changed = site.call("PUT", f"/api/contact/{accepted}", Role.EDITOR, json={"status": "archived", "notes": "done"})

    archived = site.call("GET", "/api/contact?status=archived", Role.EDITOR).json()["items"]
    assert changed.status_code == 200
    assert (changed.json()["version"], changed.json()["notes"]) == (2, "done")
    assert changed.json()["updated_by"] == site.subject(Role.EDITOR)
    assert accepted in {item["id"] for item in archived}


def test_a_change_of_what_somebody_else_changed_is_refused(site: Site) -> None:
    accepted = site.submit()
    site.await_applied(accepted)
    tag = site.call("GET", f"/api/contact/{accepted}", Role.EDITOR).headers["ETag"]
    site.call("PUT", f"/api/contact/{accepted}", Role.EDITOR, json={"status": "read"})

    late = site.call("PUT", f"/api/contact/{accepted}", Role.EDITOR, json={"notes": "x"}, headers={"If-Match": tag})
    late_erasure = site.call("DELETE", f"/api/contact/{accepted}", Role.EDITOR, headers={"If-Match": tag})

    assert (late.status_code, late.json()["title"]) == (412, "Version mismatch")
    assert late_erasure.status_code == 412


def test_what_the_caller_has_is_not_sent_again(site: Site) -> None:
    accepted = site.submit()
    site.await_deliveries(accepted)
    tag = site.call("GET", f"/api/contact/{accepted}", Role.EDITOR).headers["ETag"]

    again = site.call("GET", f"/api/contact/{accepted}", Role.EDITOR, headers={"If-None-Match": tag})

    assert (again.status_code, again.text) == (304, "")


def test_an_erased_submission_is_gone_and_stays_applied(site: Site) -> None:
    accepted = site.submit()
    site.await_deliveries(accepted)

    erased = site.call("DELETE", f"/api/contact/{accepted}", Role.EDITOR)

    partition = {":partition": {"S": f"CONTACT#{accepted}"}}
    left = site.aws("dynamodb").query(
        TableName=site.outputs["table"],
        KeyConditionExpression="PK = :partition",
        ExpressionAttributeValues=partition,
    )
    assert erased.status_code == 204
    assert site.call("GET", f"/api/contact/{accepted}", Role.EDITOR).status_code == 404
    assert left["Count"] == 0
    assert site.call("GET", f"/api/operations/{accepted}").json()["status"] == "applied"


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {"status": "read"}), ("DELETE", None)])
def test_a_submission_that_is_not_there_is_not_found(site: Site, method: str, body: dict[str, str] | None) -> None:
    answer = site.call(method, UNKNOWN, Role.EDITOR, json=body)

    assert (answer.status_code, answer.json()["title"]) == (404, "Not found")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=nonsense", "status=gone", "spam=perhaps", "limit=%C2%B2"]
)
def test_a_wrong_query_is_refused(site: Site, query: str) -> None:
    answer = site.call("GET", f"/api/contact?{query}", Role.EDITOR)

    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid request")
    assert answer.json()["errors"][0]["detail"].startswith(query.partition("=")[0])


def test_a_wrong_change_is_pointed_at(site: Site) -> None:
    answer = site.call("PUT", UNKNOWN, Role.EDITOR, json={"status": "lost"})

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/status"]
