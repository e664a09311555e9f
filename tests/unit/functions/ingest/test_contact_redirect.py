import json
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.unit import events
from tests.unit.shared.buses import MemoryBus

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
FORM = {"name": "Ada Lovelace", "email": "ada@example.org", "message": "Could you print the tables?"}


def post(contact: ModuleType, redirect: str, **fields: str) -> dict[str, Any]:
    body = urlencode({**FORM, **fields, "redirect": redirect})
    response: dict[str, Any] = contact.handler(events.http_event("api_post_contact_form", body=body), CONTEXT)
    return response


@pytest.mark.parametrize(
    "redirect",
    [
        "https://example.org",
        "https://example.org/thanks?from=contact#top",
        "https://example.org/?next=https://evil.example",
        "https://example.org?@evil.example",
        "http://localhost:8000/thanks",
        "http://localhost/thanks",
    ],
)
def test_a_form_leads_on_to_a_page_of_the_site(contact: ModuleType, memory: MemoryBus, redirect: str) -> None:
    response = post(contact, redirect)

    assert (response["statusCode"], response["headers"]["Location"]) == (303, redirect)
    assert response["body"] == ""
    assert "redirect" not in memory.details[0]["data"]["submission"]


@pytest.mark.parametrize(
    "redirect",
    [
        "https://evil.example", "http://example.org", "https://example.org.evil.example/", "https://example.org:8443/",
        "https://example.org@evil.example", "https://example.org:80@evil.example/", "https://evil.example#example.org",
        "https://evil.example\\@example.org", "https://example.org\\.evil.example",
        "\\\\evil.example", "/\\evil.example",
        "//evil.example", "//example.org", "/thanks", "thanks", "https:evil.example", "https:/evil.example",
        "https:///evil.example", "https:///example.org", "https://[example.org", "https://[::1]/", "https://",
        "javascript:alert(1)", "javascript://example.org/%0aalert(1)", "data:text/html,hello",
        "https://example.org\r\nSet-Cookie: a=b", "https://example.org\t.evil.example", "ht\ntps://evil.example",
        "https://example.org%2eevil.example", "https://example.org%00.evil.example", "https://exämple.org",
        "https://example。org", "http://localhost:8000@evil.example", "http://localhost:999999/",
    ],
)  # fmt: skip
def test_a_form_leads_nowhere_else(contact: ModuleType, memory: MemoryBus, redirect: str) -> None:
    response = post(contact, redirect)

    assert response["statusCode"] == 400
    assert "Location" not in response["headers"]
    assert json.loads(response["body"])["errors"][0]["pointer"] == "/redirect"
    assert memory.taken == []


def test_a_robot_is_led_on_like_a_person(contact: ModuleType, memory: MemoryBus) -> None:
    response = post(contact, "https://example.org/thanks", website="https://robot.example")

    assert (response["statusCode"], response["headers"]["Location"]) == (303, "https://example.org/thanks")
    assert memory.details[0]["data"]["spam"]["is_spam"]


def test_json_has_no_redirect(contact: ModuleType, memory: MemoryBus) -> None:
    event = events.http_event("api_post_contact", body={**FORM, "redirect": "https://example.org/thanks"})

    response = contact.handler(event, CONTEXT)

    assert response["statusCode"] == 400
    assert memory.taken == []
