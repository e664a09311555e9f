from collections.abc import Callable
from types import ModuleType

import pytest

from shared.publishing import EventBus
from shared.table.waiting import Waiting
from tests.unit.shared.buses import MemoryBus
from tests.unit.shared.table.memory import MemoryTable


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


@pytest.fixture(scope="session")
def loaded_projects(load: Callable[[str], ModuleType]) -> ModuleType:
    """Return the module of the function for projects, which talks to AWS."""
    return load("functions.ingest.projects")


@pytest.fixture
def bus() -> MemoryBus:
    """Return the bus that commands to projects are published to."""
    return MemoryBus()


@pytest.fixture
def table() -> MemoryTable:
    """Return the table that is read for who waits for the outcome."""
    return MemoryTable("sitewire-local")


@pytest.fixture
def projects(
    loaded_projects: ModuleType, bus: MemoryBus, table: MemoryTable, monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    """Return the module of the function for projects, which talks to `bus` and `table`."""
    waiting = Waiting(table, "sitewire-local", clock=table.clock, sleep=table.sleep)
    monkeypatch.setattr(loaded_projects, "bus", EventBus(bus, "sitewire-local", sleep=lambda _seconds: None))
    monkeypatch.setattr(loaded_projects, "waiting", waiting)
    return loaded_projects
