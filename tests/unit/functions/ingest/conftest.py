from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import pytest

from shared.analytics.salts import Salts
from shared.publishing import EventBus, Queue
from shared.table.waiting import Waiting
from tests.unit.functions.ingest.visiting import ARRIVAL
from tests.unit.shared.buses import MemoryBus
from tests.unit.shared.queues import MemoryParameters, MemoryQueue
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


@pytest.fixture(scope="session")
def loaded_analytics(load: Callable[[str], ModuleType]) -> ModuleType:
    """Return the module of the function for visits, which talks to AWS."""
    return load("functions.ingest.analytics")


@pytest.fixture
def queue() -> MemoryQueue:
    """Return the queue that visits are sent to."""
    return MemoryQueue()


@pytest.fixture
def parameters() -> MemoryParameters:
    """Return the parameters that salts are."""
    return MemoryParameters()


@pytest.fixture
def analytics(
    loaded_analytics: ModuleType, queue: MemoryQueue, parameters: MemoryParameters, monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    """Return the function's module, by whose clock a request arrives at noon."""
    monkeypatch.setattr(
        loaded_analytics, "queue", Queue(queue, "https://sqs.example/queue", sleep=lambda _seconds: None)
    )
    monkeypatch.setattr(loaded_analytics, "salts", Salts(parameters, "/salt/", sleep=lambda _seconds: None))
    clock = SimpleNamespace(time_ns=lambda: int(ARRIVAL.timestamp() * 1_000_000_000))
    monkeypatch.setattr(loaded_analytics, "time", clock)
    return loaded_analytics
