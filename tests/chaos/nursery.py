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
from datetime import datetime, tzinfo
from typing import Any

_CALL_SECONDS = 120.0
_LIBRARIES = (
    "aws_lambda_powertools.utilities.batch", "aws_lambda_powertools.utilities.parameters", "jinja2", "schemas.events",
    "schemas.project_events", "shared.consumer",
)  # fmt: skip


class _Clock:
    """The driver's time, in seconds since the epoch."""

    now = time.time()

    @classmethod
    def read(cls) -> float:
        return cls.now


class _Datetime(datetime):
    """The same, for who reads it there."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_Datetime":
        return cls.fromtimestamp(_Clock.now, tz)


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
    """Replace time and patience, before anything that remembers them is imported."""
    connect = socket.create_connection

    def connect_patiently(address: tuple[str, int], timeout: float = 0) -> socket.socket:  # noqa: ARG001  replaced
        return connect(address, _CALL_SECONDS)

    time.time = _Clock.read
    time.sleep = lambda _seconds: None
    socket.create_connection = connect_patiently  # type: ignore[assignment]


def _load() -> Any:
    """Import what the workers import, and return the AWS service descriptions, read."""
    for library in _LIBRARIES:
        importlib.import_module(library)
    # What is kept for a minute is kept for a minute of the driver's.
    cache: Any = importlib.import_module("aws_lambda_powertools.utilities.parameters.base")
    cache.datetime = _Datetime
    importlib.import_module("shared.analytics.agents").agent_of("Mozilla/5.0")
    clients: Any = importlib.import_module("shared.clients")
    patient = importlib.import_module("botocore.config").Config(
        connect_timeout=_CALL_SECONDS, read_timeout=_CALL_SECONDS
    )
    clients._CONFIG = clients._CONFIG.merge(patient)
    loader = importlib.import_module("botocore.loaders").create_loader()
    _renew_session(loader)
    for service in ("dynamodb", "sesv2", "ssm"):
        clients.client(service)
    return loader


def _renew_session(loader: Any) -> None:
    """Give boto3 a session that knows the services, and reads credentials and addresses anew."""
    session = importlib.import_module("botocore.session").get_session()
    session.register_component("data_loader", loader)
    importlib.import_module("boto3").setup_default_session(botocore_session=session)


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
