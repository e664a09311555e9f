"""What a running local stage consists of, for people, scripts and tests."""

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import TypedDict

from infra.catalogue import FUNCTIONS, workers
from infra.names import Names
from infra.stage import Stage
from local.emulator_process import ACCOUNT, Emulator
from local.errors import LocalError
from local.paths import OUTPUTS


class Outputs(TypedDict):
    """Addresses and names; `functions`, `queues`, `dlqs` and `log_groups` are keyed by a function's short name.

    `dlqs` also holds `undelivered`: what EventBridge could not deliver to a queue.
    """

    stage: str
    region: str
    api_url: str
    aws_endpoint_url: str
    table: str
    bus: str
    queues: dict[str, str]
    dlqs: dict[str, str]
    functions: dict[str, str]
    log_groups: dict[str, str]
    user_pool: str
    user_pool_client: str


def describe(stage: Stage, emulator: Emulator) -> Outputs:
    """Return the outputs of a stage that runs on `emulator`."""
    names = Names(stage.name)
    queue_url = f"{emulator.endpoint_url}/{ACCOUNT}/{{}}".format
    ids = _stack_outputs(emulator, names.stack)
    dead_letters = {worker.name: queue_url(names.dead_letter_queue(worker.name)) for worker in workers()}
    return Outputs(
        stage=stage.name,
        region=stage.region,
        api_url=emulator.api_url,
        aws_endpoint_url=emulator.endpoint_url,
        table=names.table,
        bus=names.bus,
        queues={worker.name: queue_url(names.queue(worker.name)) for worker in workers()},
        dlqs={**dead_letters, "undelivered": queue_url(names.undelivered_queue)},
        functions={function.name: names.function(function.name) for function in FUNCTIONS},
        log_groups={function.name: names.log_group(function.name) for function in FUNCTIONS},
        user_pool=ids["UserPoolId"],
        user_pool_client=ids["UserPoolClientId"],
    )


def _stack_outputs(emulator: Emulator, stack: str) -> dict[str, str]:
    """Return what the stack tells of itself: the ids that AWS chose."""
    (found,) = emulator.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}


def running_outputs(path: Path = OUTPUTS) -> Outputs:
    """Return the outputs of the local stage that runs now.

    Raises
    ------
    LocalError
        When none does.
    """
    message = "nothing runs here: start it with 'make dev' or 'sitewire dev --detach'"
    try:
        outputs: Outputs = json.loads(path.read_text())
        urllib.request.urlopen(f"{outputs['api_url']}/api/health", timeout=5).close()  # noqa: S310  written by us
    except urllib.error.HTTPError:
        # It answers: a stage may want a key for its health, or have had enough of being asked.
        return outputs
    except (OSError, HTTPException, ValueError, KeyError):
        raise LocalError(message) from None
    return outputs
