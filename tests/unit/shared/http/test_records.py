import pytest

from shared.http.records import not_found, submission_document, submission_id
from shared.http.request import parse_request
from shared.problems import InvalidRequestError
from tests.unit import events

IDENTIFIER = "01990000-0000-7000-8000-000000000001"
STORED = {
    "PK": f"CONTACT#{IDENTIFIER}",
    "SK": "SUBMISSION",
    "GSI1PK": "CONTACT#new",
    "GSI1SK": f"2026-08-16T17:22:26.125Z#{IDENTIFIER}",
    "id": IDENTIFIER,
    "status": "new",
    "received_at": "2026-08-16T17:22:26.125Z",
    "updated_at": "2026-08-16T17:22:26.125Z",
    "version": 1,
    "spam_score": 0,
    "spam_reasons": [],
    "submission": {"name": "Ada", "email": "ada@example.org", "message": "Hello"},
}


def test_a_record_is_answered_without_the_tables_keys() -> None:
    document = submission_document(STORED)

    assert document == {
        "id": IDENTIFIER,
        "status": "new",
        "received_at": "2026-08-16T17:22:26.125000Z",
        "updated_at": "2026-08-16T17:22:26.125000Z",
        "version": 1,
        "notes": "",
        "spam_score": 0,
        "spam_reasons": [],
        "submission": {"name": "Ada", "email": "ada@example.org", "message": "Hello"},
    }


def test_the_id_in_the_path_is_returned() -> None:
    assert submission_id(parse_request(events.read("api_put_submission"))) == IDENTIFIER


@pytest.mark.parametrize("candidate", ["1", "..", "%00", "01990000-0000-4000-8000-000000000001", "SUBMISSION"])
def test_a_path_that_holds_no_id_is_refused(candidate: str) -> None:
    event = events.http_event("api_put_submission", path_id=candidate)

    with pytest.raises(InvalidRequestError):
        submission_id(parse_request(event))


def test_what_does_not_exist_is_named() -> None:
    assert IDENTIFIER in not_found(IDENTIFIER).detail
