"""A 202 is a promise: applied once or kept in a dead-letter queue, whatever breaks in between."""

import json
import math
import threading

from schemas.routes import Role
from shared.clients import LONGEST_CALL_SECONDS
from tests.e2e.conftest import FORM, Site, eventually
from tests.e2e.fault_proxy import deny, faulty_dynamodb, hold, lose_reply
from tests.e2e.workers import delivered, kill, log_lines, receive, send, visible_again_after

STORE = "store_contact"
SOON = 3


def test_a_message_that_is_delivered_twice_is_applied_once(site: Site) -> None:
    accepted = site.submit()
    site.await_deliveries(accepted)
    mails = len(site.mails(accepted))

    for worker in (STORE, "notify_contact"):
        send(site, worker, _event(accepted))
    eventually(lambda: log_lines(site, STORE, accepted, "Duplicate"))
    eventually(lambda: log_lines(site, "notify_contact", accepted, "Duplicate"))

    stored = site.call("GET", f"/api/contact/{accepted}", Role.EDITOR).json()
    assert stored["version"] == 1
    assert len(site.mails(accepted)) == mails


def test_poison_ends_in_the_dead_letter_queue_and_its_neighbours_are_stored(site: Site) -> None:
    neighbours = [f"01890a5d-ac96-774b-8cce-{number:012d}" for number in range(4)]
    poison = json.dumps({"detail": {"name": "ContactSubmitted", "id": "poison"}})

    with visible_again_after(site, STORE, SOON):
        for body in [*map(_event, neighbours[:2]), poison, *map(_event, neighbours[2:])]:
            send(site, STORE, body)
        for accepted in neighbours:
            site.await_applied(accepted)
    with visible_again_after(site, STORE, 1):
        dead = eventually(lambda: receive(site, site.outputs["dlqs"][STORE]))
    assert [message["Body"] for message in dead] == [poison]


def test_a_worker_that_is_killed_at_work_loses_nothing(site: Site) -> None:
    started, release = threading.Event(), threading.Event()
    with faulty_dynamodb(site, STORE) as faults:
        faults.append(hold(started, release))
        with visible_again_after(site, STORE, SOON):
            accepted = site.submit()
            assert started.wait(20)

        kill(site, STORE)
        release.set()

        site.await_applied(accepted)
    assert site.call("GET", f"/api/contact/{accepted}", Role.EDITOR).json()["version"] == 1


def test_a_write_whose_reply_is_lost_is_applied_once(site: Site) -> None:
    with faulty_dynamodb(site, STORE) as faults, visible_again_after(site, STORE, SOON):
        faults += [lose_reply, lose_reply]
        accepted = site.submit()

        site.await_applied(accepted)
        eventually(lambda: log_lines(site, STORE, accepted, "Duplicate"))
    assert site.call("GET", f"/api/contact/{accepted}", Role.EDITOR).json()["version"] == 1


def test_a_denied_write_is_tried_again_on_the_next_delivery(site: Site) -> None:
    with faulty_dynamodb(site, STORE) as faults, visible_again_after(site, STORE, SOON):
        faults.append(deny)
        accepted = site.submit()

        site.await_applied(accepted)
    failures = log_lines(site, STORE, accepted, "AccessDeniedException")
    assert [line["error"] for line in failures] == ["ClientError"]


def test_a_slow_table_fails_the_record_and_not_the_function(site: Site) -> None:
    release = threading.Event()
    # Not before both attempts of the first delivery have been waited for, each of which takes one of the two faults.
    with faulty_dynamodb(site, STORE) as faults, visible_again_after(site, STORE, math.ceil(LONGEST_CALL_SECONDS)):
        faults += [hold(threading.Event(), release), hold(threading.Event(), release)]
        accepted = site.submit()

        failures = eventually(lambda: log_lines(site, STORE, accepted, "ReadTimeoutError"))
        release.set()
        site.await_applied(accepted)
    assert failures[0]["message"] == "message failed"
    assert site.call("GET", f"/api/contact/{accepted}", Role.EDITOR).json()["version"] == 1


def test_a_read_that_is_denied_answers_a_clean_problem(site: Site) -> None:
    with faulty_dynamodb(site, "query_operations") as faults:
        faults.append(deny)

        answer = site.call("GET", "/api/operations/01890a5d-ac96-774b-bcce-b302099a8057")

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "denied by the test" not in answer.text


def _event(accepted: str) -> str:
    """Return ContactSubmitted as EventBridge puts it into a queue."""
    return delivered(
        {
            "id": accepted,
            "name": "ContactSubmitted",
            "version": 1,
            "occurred_at": "2026-01-31T12:00:00.000Z",
            "correlation_id": "e2e-delivery",
            "data": {"submission": FORM, "spam": {"is_spam": False, "score": 0, "reasons": []}},
        }
    )
