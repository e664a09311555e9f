"""Which requests are the same message."""

from types import ModuleType
from typing import Any

import pytest

from tests.unit.functions.ingest.writing import ON_ONE, OTHER_ID, WITH_BODY, WRITES, document_of, send
from tests.unit.shared.buses import MemoryBus

KEY = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}
OTHER_BODIES = {
    "api_post_project": {"title": "Other"},
    "api_order_projects": {"positions": [{"id": "01990000-0000-7000-8000-000000000001", "position": 1}]},
    "api_put_project": {"title": "Other"},
    "api_patch_project": {"title": "Other"},
    "api_revert_project": {"version": 2},
}


@pytest.mark.parametrize("name", WRITES)
def test_a_write_that_is_sent_again_with_its_key_is_the_same_message(
    projects: ModuleType, bus: MemoryBus, name: str
) -> None:
    first, second = (send(projects, name, headers=KEY) for _ in range(2))

    assert document_of(first) == document_of(second)
    assert bus.details[0]["id"] == bus.details[1]["id"]


@pytest.mark.parametrize("name", WITH_BODY)
def test_the_same_key_with_another_body_is_another_message(projects: ModuleType, bus: MemoryBus, name: str) -> None:
    send(projects, name, headers=KEY)
    send(projects, name, headers=KEY, body=OTHER_BODIES[name])

    assert bus.details[0]["id"] != bus.details[1]["id"]


@pytest.mark.parametrize("name", ON_ONE)
@pytest.mark.parametrize(
    "other",
    [{"path_id": OTHER_ID, "headers": KEY}, {"headers": {**KEY, "If-Match": '"4-0123456789abcdef"'}}],
    ids=["project", "version"],
)
def test_the_same_key_for_another_project_or_version_is_another_message(
    projects: ModuleType, bus: MemoryBus, name: str, other: dict[str, Any]
) -> None:
    send(projects, name, headers=KEY)
    send(projects, name, **other)

    assert bus.details[0]["id"] != bus.details[1]["id"]


def test_the_same_key_on_another_route_is_another_message(projects: ModuleType, bus: MemoryBus) -> None:
    for name in ("api_delete_project", "api_restore_project", "api_purge_project"):
        send(projects, name, headers=KEY)

    assert len({detail["id"] for detail in bus.details}) == 3


def test_writes_without_a_key_are_messages_of_their_own(projects: ModuleType, bus: MemoryBus) -> None:
    for _ in range(2):
        send(projects, "api_post_project")

    assert bus.details[0]["id"] != bus.details[1]["id"]


def test_what_is_no_key_is_refused(projects: ModuleType, bus: MemoryBus) -> None:
    response = send(projects, "api_post_project", headers={"Idempotency-Key": "a b"})

    assert (response["statusCode"], bus.taken) == (400, [])
