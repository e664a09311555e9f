"""The deployed template on the embedded AWS, whose workers get their messages from the tests instead of the queues."""

from collections.abc import Iterator

import pytest
import requests

from infra.stage import EXAMPLE, Stage, read_stage
from local.outputs import running_outputs
from local.paths import ROOT
from local.session import LocalStage
from tests.chaos.workers import Nursery
from tests.e2e.conftest import Site, free_port

_PLENTY = {"requests_per_minute": 600_000, "burst": 5000, "auth_requests_per_minute": 60, "auth_burst": 60}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run the stage of the example configuration."""
    example = read_stage("local", ROOT / EXAMPLE).model_dump()
    folder = tmp_path_factory.mktemp("chaos")
    stage = LocalStage(Stage.model_validate({**example, "throttle": _PLENTY}), port=free_port(), folder=folder)
    stage.start(lambda _: None)
    try:
        with requests.Session() as session:
            outputs = running_outputs(folder / "outputs.json")
            running = Site(outputs, session, stage.emulator.folder, folder / "none", {}, set())
            _stop_deliveries(running)
            yield running
    finally:
        stage.stop(keep=False)
        stage.reset()


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Give the place where workers come from."""
    nursery = Nursery(tmp_path_factory.mktemp("nursery"))
    yield nursery
    nursery.close()


def _stop_deliveries(site: Site) -> None:
    """Let the queues keep what they get."""
    client = site.aws("lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
