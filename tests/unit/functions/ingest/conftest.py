from collections.abc import Callable
from types import ModuleType

import pytest

from shared.publishing import EventBus
from tests.unit.shared.buses import MemoryBus


@pytest.fixture(scope="session")
def contact(load: Callable[[str], ModuleType]) -> ModuleType:
    """Return the function's module."""
    return load("functions.ingest.contact")


@pytest.fixture
def memory(contact: ModuleType, monkeypatch: pytest.MonkeyPatch) -> MemoryBus:
    """Return the bus that the function publishes to."""
    bus = MemoryBus()
    monkeypatch.setattr(contact, "bus", EventBus(bus, "sitewire-local", sleep=lambda _seconds: None))
    return bus
