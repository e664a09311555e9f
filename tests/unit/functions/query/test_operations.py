from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

IDENTIFIER = "01990000-0000-7000-8000-000000000001"
AT = "2026-08-16T17:22:26.125Z"


@pytest.fixture(scope="session")
def operations(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("functions.query.operations")


def entry(consumer: str, kind: str, outcome: str, **more: Any) -> dict[str, Any]:
    return {"consumer": consumer, "kind": kind, "outcome": outcome, "at": AT, **more}


STORED = entry("store_contact", "state", "applied")
REJECTED = entry("store_contact", "state", "rejected", reason="The slug is taken.")
MAILED = entry("notify_contact.notification", "effect", "applied")
CLAIMED = entry("notify_contact.notification", "effect", "claimed")


@pytest.mark.parametrize(
    ("entries", "status"),
    [
        ([], "pending"),
        ([CLAIMED], "pending"),
        ([MAILED], "pending"),
        ([STORED], "applied"),
        ([CLAIMED, STORED], "applied"),
        ([MAILED, STORED], "applied"),
        ([REJECTED], "rejected"),
    ],
)
def test_an_operation_is_what_became_of_its_change_of_state(
    operations: ModuleType, entries: list[dict[str, Any]], status: str
) -> None:
    assert operations.describe(IDENTIFIER, entries).status == status


def test_a_rejection_tells_its_reason(operations: ModuleType) -> None:
    assert operations.describe(IDENTIFIER, [REJECTED]).reason == "The slug is taken."


def test_every_consumer_is_told_of(operations: ModuleType) -> None:
    operation = operations.describe(IDENTIFIER, [CLAIMED, STORED])

    assert [consumer.consumer for consumer in operation.consumers] == ["notify_contact.notification", "store_contact"]
