"""A contact form from the browser to the table, the mails and the logs."""

import json
from typing import Any

from local.logs import read_logs
from schemas.routes import Role
from tests.e2e.conftest import FORM, SITE, Site, eventually


def test_a_form_is_accepted_stored_and_told_to_the_owner(site: Site) -> None:
    answer = site.call(
        "POST", "/api/contact", json={**FORM, "subject": "Engines", "fields": {"company": "Ørsted & Co"}}
    )

    accepted = answer.json()
    assert answer.status_code == 202
    assert answer.headers["Location"] == accepted["status_url"] == site.url(f"/api/operations/{accepted['id']}")
    assert answer.headers["Retry-After"] == "1"

    stored = site.await_deliveries(accepted["id"])
    assert stored["status"] == "new"
    assert stored["submission"] == {**FORM, "subject": "Engines", "fields": {"company": "Ørsted & Co"}}

    mails = {mail["To"][0]: mail for mail in site.mails(accepted["id"])}
    assert set(mails) == {"owner@example.org", "ada@example.org"}
    assert mails["owner@example.org"]["Subject"] == "[Example] Engines"
    assert "company: Ørsted & Co" in mails["owner@example.org"]["BodyText"]
    assert "Ørsted &amp; Co" in mails["owner@example.org"]["BodyHtml"]
    assert FORM["message"] not in mails["ada@example.org"]["BodyText"]
    sent = {delivery["ses_message_id"] for delivery in stored["deliveries"] if delivery["status"] == "sent"}
    assert sent == {mail["MessageId"] for mail in mails.values()}


def test_one_correlation_id_leads_through_the_logs_of_three_functions(site: Site) -> None:
    correlation_id = "e2e-correlation-0001"
    accepted = site.submit(headers={"X-Correlation-Id": correlation_id})
    site.await_deliveries(accepted)

    lines = eventually(lambda: _lines_of_three_functions(site, correlation_id))

    assert {line["service"] for line in lines} == {"ingest_contact", "store_contact", "notify_contact"}
    assert {line["message_id"] for line in lines} == {accepted}


def test_the_callers_correlation_id_is_answered(site: Site) -> None:
    answer = site.call("POST", "/api/contact", json=FORM, headers={"X-Correlation-Id": "mine-12345678"})

    assert answer.headers["X-Correlation-Id"] == "mine-12345678"


def test_nothing_that_a_visitor_wrote_reaches_a_log(site: Site) -> None:
    canaries: dict[str, Any] = {
        "name": "Canary Nightingale",
        "email": "canary@nowhere.example",
        "message": "canary-message-7391",
    }
    site.await_deliveries(site.submit(**canaries))
    site.call("POST", "/api/contact", json={**FORM, "email": "canary-broken-address", "canary_field": "x"})
    token = site.token(Role.EDITOR)
    site.call("GET", "/api/contact", headers={"Authorization": f"Bearer {token}"})

    logged = "\n".join(event.message for event in read_logs(site.aws("logs"), site.outputs["log_groups"]))

    planted = [*canaries.values(), "canary-broken-address", token]
    found = [canary for canary in planted if canary in logged]
    print(f"canaries planted {len(planted)}, found in logs {len(found)}")  # noqa: T201  a figure to show
    assert found == []


def test_a_plain_html_form_is_taken_back_to_the_site(site: Site) -> None:
    form = {**FORM, "fields[company]": "ACME", "redirect": f"{SITE}/thanks?a=b"}

    answer = site.call("POST", "/api/contact", data=form)

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{SITE}/thanks?a=b"


def test_a_plain_html_form_is_stored_like_json(site: Site) -> None:
    answer = site.call("POST", "/api/contact", data={**FORM, "fields[company]": "ACME", "consent": "on", "phone": ""})

    assert answer.status_code == 202
    stored = site.await_deliveries(answer.json()["id"])
    assert stored["submission"] == {**FORM, "fields": {"company": "ACME"}, "consent": True}


def test_ten_identical_posts_with_one_key_are_one_submission_and_one_mail(site: Site) -> None:
    ids = {site.submit(headers={"Idempotency-Key": "e2e-ten-times"}, subject="Ten times") for _ in range(10)}

    (accepted,) = ids
    stored = site.await_deliveries(accepted)
    eventually(lambda: _is_drained(site))
    assert stored["version"] == 1
    assert [mail["Subject"] for mail in site.mails(accepted) if mail["To"] == ["owner@example.org"]] == [
        "[Example] Ten times"
    ]


def test_a_trapped_robot_is_answered_like_anybody_and_its_message_is_spam(site: Site) -> None:
    robot = site.call("POST", "/api/contact", json={**FORM, "website": "https://spam.example"})

    stored = site.await_deliveries(robot.json()["id"])
    assert robot.status_code == 202
    assert (stored["status"], stored["spam_reasons"]) == ("spam", ["honeypot"])
    assert {delivery["status"] for delivery in stored["deliveries"]} == {"skipped"}
    assert site.mails(stored["id"]) == []


def test_an_unknown_operation_is_pending(site: Site) -> None:
    answer = site.call("GET", "/api/operations/01890a5d-ac96-774b-bcce-b302099a8057")

    assert answer.json() == {"id": "01890a5d-ac96-774b-bcce-b302099a8057", "status": "pending", "consumers": []}
    assert answer.headers["Retry-After"] == "1"


def _lines_of_three_functions(site: Site, correlation_id: str) -> list[dict[str, Any]] | None:
    events = read_logs(site.aws("logs"), site.outputs["log_groups"])
    lines = [json.loads(event.message) for event in events if correlation_id in event.message]
    return lines if len({line["service"] for line in lines}) == 3 else None


def _is_drained(site: Site) -> bool:
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    for url in site.outputs["queues"].values():
        attributes = site.aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
        if any(int(attributes[count]) for count in counts):
            return False
    return True
