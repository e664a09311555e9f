import re
from typing import Any

import pytest

from shared.http.idempotency import message_id
from shared.http.request import Request, parse_request
from shared.ids import is_well_formed
from shared.problems import InvalidRequestError
from tests.unit import events

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


def request(*, key: str | None = KEY, subject: str = "", if_match: str | None = None, **changes: Any) -> Request:
    headers = {"Idempotency-Key": key, "If-Match": if_match}
    event = events.http_event("api_put_submission", headers=headers, **changes)
    event["requestContext"]["authorizer"] = {"principalId": subject} if subject else None
    return parse_request(event)


def test_requests_without_a_key_are_messages_of_their_own() -> None:
    assert message_id(request(key=None)) != message_id(request(key=None))


def test_a_request_that_is_sent_again_is_the_same_message() -> None:
    assert message_id(request()) == message_id(request())


@pytest.mark.parametrize(
    "other",
    [
        {"key": "another-key"},
        {"body": '{"name": "Bob"}'},
        {"subject": "editor@example.org"},
        {"method": "PATCH"},
        {"path_id": "01990000-0000-7000-8000-000000000002"},
        {"if_match": '"1-0123456789abcdef"'},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_is_asked_by_another_or_for_something_else_is_another_message(other: dict[str, Any]) -> None:
    assert message_id(request()) != message_id(request(**other))


def test_an_id_by_a_key_is_one_of_ours() -> None:
    assert is_well_formed(message_id(request()))


@pytest.mark.parametrize("key", ["!", "~" * 255, f'"{KEY}"'])
def test_visible_ascii_is_a_key(key: str) -> None:
    assert is_well_formed(message_id(request(key=key)))


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "schlüssel", "a\x7f", "a\nb"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        message_id(request(key=key))

    assert re.search("Idempotency-Key", caught.value.errors[0].detail)
