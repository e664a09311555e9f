from shared.http.records import not_found, submission_document

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


def test_what_does_not_exist_is_named() -> None:
    assert IDENTIFIER in not_found(IDENTIFIER).detail
