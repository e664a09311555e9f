import json
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from schemas.events import ContactSubmitted
from shared.aws.client import JsonClient
from shared.http.endpoint import BODY_LIMIT
from shared.ids import is_well_formed
from shared.publishing import EventBus
from tests.unit import events
from tests.unit.shared.aws.endpoints import answer, endpoint, refusal
from tests.unit.shared.buses import MemoryBus

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
FORM = {"name": "Ada Lovelace", "email": "ada@example.org", "message": "Could you print the tables?"}
CANARY = "kanarienvogel-4711"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"}


def post(contact: ModuleType, name: str = "api_post_contact", **changes: Any) -> dict[str, Any]:
    response: dict[str, Any] = contact.handler(events.http_event(name, **changes), CONTEXT)
    return response


def document_of(response: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(response["body"])
    return document


def test_an_accepted_form_is_promised_with_the_place_to_ask(contact: ModuleType, memory: MemoryBus) -> None:
    response = post(contact)

    document = document_of(response)
    url = f"https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v1/api/operations/{document['id']}"
    assert response["statusCode"] == 202
    assert is_well_formed(document["id"])
    assert document["status_url"] == response["headers"]["Location"] == url
    assert response["headers"]["Retry-After"] == "1"
    assert [detail["id"] for detail in memory.details] == [document["id"]]


def test_what_is_published_is_an_event_of_the_contract(contact: ModuleType, memory: MemoryBus) -> None:
    post(contact, headers={"X-Correlation-Id": "correlation-1"})

    event = ContactSubmitted.model_validate(memory.details[0])
    assert event.correlation_id == "correlation-1"
    assert event.data.submission == {**FORM, "elapsed_ms": 42000}
    assert not event.data.spam.is_spam
    assert memory.taken[0]["Source"] == "sitewire.contact"


def test_a_plain_form_is_accepted_like_json(contact: ModuleType, memory: MemoryBus) -> None:
    response = post(contact, "api_post_contact_form")

    assert response["statusCode"] == 202
    submission = memory.details[0]["data"]["submission"]
    assert submission == {**FORM, "fields": {"company": "Analytical Engines"}, "elapsed_ms": 42000}


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "", None])
def test_a_body_without_another_media_type_is_json(
    contact: ModuleType, memory: MemoryBus, media_type: str | None
) -> None:
    assert post(contact, headers={"Content-Type": media_type})["statusCode"] == 202
    assert len(memory.taken) == 1


@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "json"])
def test_another_media_type_is_not_read(contact: ModuleType, memory: MemoryBus, media_type: str) -> None:
    response = post(contact, headers={"Content-Type": media_type})

    assert response["statusCode"] == 415
    assert memory.taken == []


@pytest.mark.parametrize(
    ("change", "rule"), [({"website": "https://robot.example"}, "honeypot"), ({"elapsed_ms": 100}, "too_fast")]
)
def test_a_robot_is_answered_like_a_person_and_marked(
    contact: ModuleType, memory: MemoryBus, change: dict[str, Any], rule: str
) -> None:
    person = post(contact, body=FORM)
    robot = post(contact, body=FORM | change)

    assert (robot["statusCode"], document_of(robot).keys()) == (person["statusCode"], document_of(person).keys())
    assert robot["headers"].keys() == person["headers"].keys()
    assert memory.details[1]["data"]["spam"] == {"is_spam": True, "score": 10, "reasons": [rule]}


def test_a_body_of_the_limit_is_read(contact: ModuleType, memory: MemoryBus) -> None:
    body = json.dumps(FORM)

    assert post(contact, body=body + " " * (BODY_LIMIT - len(body)))["statusCode"] == 202
    assert len(memory.taken) == 1


@pytest.mark.parametrize("body", [" " * (BODY_LIMIT + 1), "ü" * (BODY_LIMIT // 2 + 1)], ids=["one byte", "not ASCII"])
def test_a_body_over_the_limit_is_too_large(contact: ModuleType, memory: MemoryBus, body: str) -> None:
    assert post(contact, body=body)["statusCode"] == 413
    assert memory.taken == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({**FORM, "email": "nobody"}, ["/email"]),
        ({"name": "", "email": "nobody"}, ["/email", "/message", "/name"]),
        ("{", [""]),
        ([], [""]),
    ],
    ids=["one", "three", "no JSON", "no object"],
)
def test_what_is_wrong_with_a_body_is_told_by_field(
    contact: ModuleType, memory: MemoryBus, body: object, pointers: list[str]
) -> None:
    response = post(contact, body=body)

    assert response["statusCode"] == 400
    assert [error["pointer"] for error in document_of(response)["errors"]] == pointers
    assert memory.taken == []


def test_a_request_that_is_sent_again_with_its_key_is_the_same_message(contact: ModuleType, memory: MemoryBus) -> None:
    first, second = (post(contact, headers={"Idempotency-Key": "key-1"}) for _ in range(2))

    assert document_of(first) == document_of(second)
    assert memory.details[0]["id"] == memory.details[1]["id"]


def test_the_same_key_with_another_body_is_another_message(contact: ModuleType, memory: MemoryBus) -> None:
    for message in ("one", "two"):
        post(contact, body=FORM | {"message": message}, headers={"Idempotency-Key": "key-1"})

    assert memory.details[0]["id"] != memory.details[1]["id"]


def test_what_the_bus_refuses_is_not_accepted(contact: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    full = MemoryBus(lambda _call, _entry: "ThrottlingException")
    monkeypatch.setattr(contact, "bus", EventBus(full, "sitewire-local", sleep=lambda _seconds: None))

    response = post(contact)

    assert (response["statusCode"], response["headers"]["Retry-After"]) == (503, "5")
    assert "id" not in document_of(response)


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize(
    "replies",
    [[b""] * 6, [refusal("400 Bad Request", "AccessDeniedException")], [refusal("500 Oops", "InternalFailure")] * 3],
    ids=["silent", "denied", "broken"],
)
def test_a_bus_that_is_down_is_told_with_the_time_to_try_again(
    contact: ModuleType, monkeypatch: pytest.MonkeyPatch, replies: list[bytes]
) -> None:
    with endpoint(*[[reply] for reply in replies]) as server:
        environment = {**CREDENTIALS, "AWS_ENDPOINT_URL": server.url}
        client = JsonClient(service="events", target="AWSEvents", environment=environment, sleep=lambda _seconds: None)
        monkeypatch.setattr(contact, "bus", EventBus(client, "sitewire-local"))

        response = post(contact)

    assert (response["statusCode"], response["headers"]["Retry-After"]) == (503, "5")
    assert "id" not in document_of(response)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_form_travels_over_the_wire_as_one_event(contact: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint([answer({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})]) as server:
        client = JsonClient(
            service="events", target="AWSEvents", environment={**CREDENTIALS, "AWS_ENDPOINT_URL": server.url}
        )
        monkeypatch.setattr(contact, "bus", EventBus(client, "sitewire-local"))

        response = post(contact, body=FORM | {"name": "Žofie 👋"})

    (entry,) = json.loads(server.received[0].body)["Entries"]
    detail = json.loads(entry["Detail"])
    assert response["statusCode"] == 202
    assert (detail["id"], detail["data"]["submission"]["name"]) == (document_of(response)["id"], "Žofie 👋")


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(
    "body",
    [
        {**FORM, "message": CANARY},
        {**FORM, "email": CANARY},
        {**FORM, "website": CANARY},
        {**FORM, "fields": {"company": CANARY}},
        {**FORM, "fields": {f"<{CANARY}>": "x"}},
        {**FORM, CANARY: "x"},
        f'{{"name": "{CANARY}',
    ],
    ids=["accepted", "address", "honeypot", "own field", "own field's name", "unknown field's name", "no JSON"],
)
def test_no_log_line_holds_what_a_visitor_wrote(
    contact: ModuleType, capsys: pytest.CaptureFixture[str], body: object
) -> None:
    post(contact, body=body)

    written = capsys.readouterr().out
    assert written
    assert CANARY not in written
