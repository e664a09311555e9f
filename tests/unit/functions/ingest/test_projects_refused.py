"""What is not accepted whatever its body says."""

import json
from types import ModuleType

import pytest

from shared.aws.client import JsonClient
from shared.publishing import EventBus
from tests.unit.functions.ingest.writing import (
    CREDENTIALS,
    IN_CAPITALS,
    ON_ONE,
    PROJECT_ID,
    WITH_BODY,
    WRITES,
    document_of,
    send,
)
from tests.unit.shared.aws.endpoints import endpoint, refusal
from tests.unit.shared.buses import MemoryBus

TAG = '"3-0123456789abcdef"'
LIMIT = 256 * 1024
CANARY = "kanarienvogel-4711"


@pytest.mark.parametrize("name", WITH_BODY)
@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/ld+json", "json"]
)
def test_another_media_type_is_not_read(projects: ModuleType, bus: MemoryBus, name: str, media_type: str) -> None:
    response = send(projects, name, headers={"Content-Type": media_type})

    assert (response["statusCode"], bus.taken) == (415, [])


@pytest.mark.parametrize("name", [name for name in WITH_BODY if name != "api_patch_project"])
def test_only_a_patch_is_a_merge_patch(projects: ModuleType, bus: MemoryBus, name: str) -> None:
    response = send(projects, name, headers={"Content-Type": "application/merge-patch+json"})

    assert (response["statusCode"], document_of(response)["detail"]) == (415, "Send application/json.")
    assert bus.taken == []


def test_a_body_of_the_limit_is_read(projects: ModuleType, bus: MemoryBus) -> None:
    body = json.dumps({"title": "Engine"})

    assert send(projects, "api_post_project", body=body + " " * (LIMIT - len(body)))["statusCode"] == 202
    assert len(bus.taken) == 1


@pytest.mark.parametrize("body", [" " * (LIMIT + 1), "ü" * (LIMIT // 2 + 1)], ids=["one byte", "not ASCII"])
@pytest.mark.parametrize("name", WRITES)
def test_a_body_over_the_limit_is_too_large(projects: ModuleType, bus: MemoryBus, name: str, body: str) -> None:
    response = send(projects, name, body=body)

    assert (response["statusCode"], bus.taken) == (413, [])


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        (None, 428),
        ("*", 428),
        ("W/" + TAG, 412),
        ("", 400),
        ("3", 400),
        (TAG.strip('"'), 400),
        ('"3"', 400),
        ('"-1-0123456789abcdef"', 400),
        ('"1000000000-0123456789abcdef"', 400),
        ('"٣-0123456789abcdef"', 400),
        (f"{TAG}, {TAG}", 400),
    ],
)
@pytest.mark.parametrize("name", ON_ONE)
def test_a_change_names_the_version_that_it_is_made_for(
    projects: ModuleType, bus: MemoryBus, name: str, tag: str | None, status: int
) -> None:
    response = send(projects, name, headers={"If-Match": tag})

    assert (response["statusCode"], bus.taken) == (status, [])


@pytest.mark.parametrize("name", ["api_post_project", "api_order_projects"])
def test_a_new_project_or_order_needs_no_version(projects: ModuleType, bus: MemoryBus, name: str) -> None:
    assert send(projects, name, headers={"If-Match": "*"})["statusCode"] == 202
    assert "version" not in bus.details[0]["data"]


@pytest.mark.parametrize("path_id", ["engine", IN_CAPITALS, f"{PROJECT_ID}x", "é"])
@pytest.mark.parametrize("name", ON_ONE)
def test_a_change_is_made_by_id(projects: ModuleType, bus: MemoryBus, name: str, path_id: str) -> None:
    assert send(projects, name, path_id=path_id)["statusCode"] == 400
    assert bus.taken == []


@pytest.mark.parametrize("name", WRITES)
def test_what_the_bus_refuses_is_not_accepted(projects: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    full = MemoryBus(lambda _call, _entry: "ThrottlingException")
    monkeypatch.setattr(projects, "bus", EventBus(full, "sitewire-local", sleep=lambda _seconds: None))

    response = send(projects, name, headers={"Prefer": "wait=5"})

    assert (response["statusCode"], response["headers"]["Retry-After"]) == (503, "5")
    assert document_of(response).keys().isdisjoint({"id", "operation_id"})


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize(
    "replies",
    [[b""] * 6, [refusal("400 Bad Request", "AccessDeniedException")], [refusal("500 Oops", "InternalFailure")] * 3],
    ids=["silent", "denied", "broken"],
)
def test_a_bus_that_is_down_is_told_with_the_time_to_try_again(
    projects: ModuleType, monkeypatch: pytest.MonkeyPatch, replies: list[bytes]
) -> None:
    with endpoint(*[[reply] for reply in replies]) as server:
        environment = {**CREDENTIALS, "AWS_ENDPOINT_URL": server.url}
        client = JsonClient(service="events", target="AWSEvents", environment=environment, sleep=lambda _seconds: None)
        monkeypatch.setattr(projects, "bus", EventBus(client, "sitewire-local"))

        response = send(projects, "api_post_project")

    assert (response["statusCode"], response["headers"]["Retry-After"]) == (503, "5")


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize(
    "body",
    [
        {"title": CANARY},
        {"title": "x", "slug": f"<{CANARY}>"},
        {"title": "x", "custom": {f"<{CANARY}>": "x"}},
        {"title": "x", CANARY: "x"},
        f'{{"title": "{CANARY}',
    ],
    ids=["accepted", "slug", "own field's name", "unknown field's name", "no JSON"],
)
def test_no_log_line_holds_what_an_editor_wrote(
    projects: ModuleType, capsys: pytest.CaptureFixture[str], body: object
) -> None:
    send(projects, "api_post_project", body=body)

    written = capsys.readouterr().out
    assert written
    assert CANARY not in written
