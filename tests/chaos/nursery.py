"""Where workers are born: a process that has loaded their libraries, and forks one whenever it is told to.

A worker that was killed is followed by another one within a tenth of a second, instead of the second that boto3 takes
to load. What the driver decides is taken away from them: the time, which it tells with each batch, and how long a call
may take, because each waits for its turn. Pauses between attempts are left out, since others have their turns anyway.
"""

import importlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

_CALL_SECONDS = 120.0


class _Clock:
    """The driver's time, in seconds since the epoch."""

    now = time.time()

    @classmethod
    def read(cls) -> float:
        return cls.now


class _Context:
    """What Lambda tells of an invocation."""

    aws_request_id = "chaos"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def main() -> None:
    """Fork a worker for each line of standard input: its module, its environment, and the socket of its driver."""
    _take_over()
    loader = _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        order = json.loads(line)
        if not os.fork():
            os.environ.update(order["environment"])
            _renew_session(loader)
            _work(order["module"], order["socket"])
            os._exit(0)


def _take_over() -> None:
    """Replace time, before anything that remembers it is imported."""
    time.time = _Clock.read
    time.sleep = lambda _seconds: None
    connect = socket.create_connection
    socket.create_connection = lambda address, timeout=None, **options: connect(address, _CALL_SECONDS, **options)  # type: ignore[assignment,misc]  # noqa: ARG005


def _load() -> Any:
    """Import what the workers import, and return the AWS service descriptions, read."""
    import aws_lambda_powertools.utilities.batch
    import aws_lambda_powertools.utilities.parameters
    import botocore.loaders
    import jinja2
    from botocore.config import Config

    import schemas.events
    import schemas.project_events
    import shared.clients
    import shared.consumer
    from shared.analytics.agents import agent_of

    agent_of("Mozilla/5.0")
    patient = Config(connect_timeout=_CALL_SECONDS, read_timeout=_CALL_SECONDS)
    shared.clients._CONFIG = shared.clients._CONFIG.merge(patient)
    loader = botocore.loaders.create_loader()
    _renew_session(loader)
    for service in ("dynamodb", "sesv2", "ssm"):
        shared.clients.client(service)
    return loader


def _renew_session(loader: Any) -> None:
    """Give boto3 a session that knows the services, and reads credentials and addresses anew."""
    import boto3
    import botocore.session

    session = botocore.session.get_session()
    session.register_component("data_loader", loader)
    boto3.setup_default_session(botocore_session=session)


def _work(module: str, address: str) -> None:
    """Be a worker: import the function, then hand it batches and tell its answers, until the driver hangs up."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        stream = line.makefile("rwb")

        def tell(what: dict[str, Any]) -> None:
            stream.write(json.dumps(what).encode() + b"\n")
            stream.flush()

        handler: Callable[[dict[str, Any], Any], Any] = importlib.import_module(module).handler
        tell({"pid": os.getpid()})
        for given in stream:
            batch = json.loads(given)
            _Clock.now = batch["now"]
            try:
                tell({"answer": handler(batch["event"], _Context())})
            except Exception as error:  # noqa: BLE001  as Lambda does, which lives on
                tell({"error": repr(error)})


if __name__ == "__main__":
    main()
