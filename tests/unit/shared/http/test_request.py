import base64

import pytest

from shared.http.request import parse_request
from tests.unit import events

REQUEST_ID = "7d0f2e1c-5b2a-4f1e-9c63-2f6a1b0c9d8e"


def test_a_proxy_event_is_read() -> None:
    request = parse_request(events.read("api_put_submission"))

    assert (request.method, request.resource) == ("PUT", "/api/contact/{id}")
    assert request.path == "/api/contact/01990000-0000-7000-8000-000000000001"
    assert request.path_parameters == {"id": "01990000-0000-7000-8000-000000000001"}
    assert request.body == b'{"status": "read"}'
    assert request.request_id == "e1f6f5c2-3b51-4d6a-8a4e-1c9a5e0b7f32"
    assert (request.subject, request.role) == ("editor@example.org", "editor")


def test_nobody_speaks_on_a_public_route() -> None:
    request = parse_request(events.read("api_post_contact"))

    assert (request.subject, request.role) == ("", "")


def test_what_api_gateway_leaves_out_is_empty() -> None:
    event = events.read("api_get_submissions")
    event["headers"] = None

    request = parse_request(event)

    assert (request.headers, request.query, request.path_parameters, request.body) == ({}, {}, {}, b"")
    assert (request.origin, request.content_type) == ("", "")


def test_headers_are_found_in_whatever_case_they_came() -> None:
    request = parse_request(events.http_event("api_post_contact", headers={"oRIGIN": "https://example.org"}))

    assert request.origin == "https://example.org"


@pytest.mark.parametrize(
    ("header", "media_type"),
    [
        ("application/json", "application/json"),
        ("Application/JSON; charset=utf-8", "application/json"),
        (" text/plain ;x=y", "text/plain"),
        ("", ""),
    ],
)
def test_a_media_type_is_told_without_its_parameters(header: str, media_type: str) -> None:
    request = parse_request(events.http_event("api_post_contact", headers={"Content-Type": header}))

    assert request.content_type == media_type


@pytest.mark.parametrize("body", [b"name=Ada", "Grüße 👋".encode(), b"\x00\xff"])
def test_a_body_that_came_in_base64_is_decoded(body: bytes) -> None:
    event = events.read("api_post_contact_form")
    event["body"], event["isBase64Encoded"] = base64.b64encode(body).decode(), True

    assert parse_request(event).body == body


def test_a_body_of_text_is_utf_8() -> None:
    assert parse_request(events.http_event("api_post_contact", body="Grüße 👋")).body == "Grüße 👋".encode()


@pytest.mark.parametrize("given", ["a" * 8, "A-b_9" * 12, "4bf92f3577b34da6a3ce929d0e0e4736"])
def test_the_callers_correlation_id_is_adopted(given: str) -> None:
    request = parse_request(events.http_event("api_post_contact", headers={"X-Correlation-Id": given}))

    assert request.correlation_id == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "ada@example.org", "has space", "line\nbreak", 'quo"tation'])
def test_a_correlation_id_that_could_do_harm_is_replaced_by_the_requests_own(given: str) -> None:
    request = parse_request(events.http_event("api_post_contact", headers={"X-Correlation-Id": given}))

    assert request.correlation_id == REQUEST_ID


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/v1/api/contact", "https://api.example/v1/api/operations/1"),
        ("/api/contact", "https://api.example/api/operations/1"),
        ("/some/base/api/contact", "https://api.example/some/base/api/operations/1"),
    ],
    ids=["stage", "own domain", "own domain with a base path"],
)
def test_a_url_of_the_api_is_the_one_that_the_caller_can_use(path: str, url: str) -> None:
    event = events.http_event("api_post_contact", headers={"Host": "api.example"})
    event["requestContext"]["path"] = path

    assert parse_request(event).url_of("/api/operations/1") == url


def test_a_url_of_the_api_is_of_the_callers_scheme() -> None:
    event = events.http_event("api_post_contact", headers={"Host": "localhost:4566", "X-Forwarded-Proto": "http"})

    assert parse_request(event).url_of("/api/health") == "http://localhost:4566/v1/api/health"
