"""Workers as the driver holds them: processes that get batches, wait at each of their calls, and can be killed."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from local.paths import ROOT, clean_environment
from tests.chaos.wire import Call, tapped
from tests.e2e.conftest import Site

_PATIENCE_SECONDS = 100


class Ended(NamedTuple):
    """The end of a batch: what the function answered; None where it raised."""

    answer: dict[str, Any] | None


class Nursery:
    """The process that forks workers.

    Parameters
    ----------
    folder
        Where their sockets and their log are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._born = 0
        # One order of everything that Python hashes, or no two runs would ask the same of AWS.
        environment = {
            **clean_environment(), "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1",
            "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1",
        }  # fmt: skip
        with (folder / "workers.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.nursery"], env=environment, cwd=ROOT, stdin=subprocess.PIPE,
                stdout=log, stderr=log,
            )  # fmt: skip

    def bear(self, module: str, environment: Mapping[str, str]) -> tuple[socket.socket, int]:
        """Return the line to a new worker, and its process id."""
        self._born += 1
        path = self._folder / f"{self._born}.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(1)
            listener.settimeout(_PATIENCE_SECONDS)
            order = {"module": module, "environment": dict(environment), "socket": str(path)}
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            line, _ = listener.accept()
        path.unlink()
        return line, json.loads(line.makefile("rb").readline())["pid"]

    def close(self) -> None:
        """End it."""
        self._process.communicate()


class Worker:
    """A worker, and whoever comes after it when it is killed.

    Parameters
    ----------
    name
        Its name in the history.
    function
        Short name of its function.
    nursery
        Where it comes from.
    environment
        The function's environment.
    room
        The folder that the function is in.
    """

    def __init__(
        self, name: str, function: str, nursery: Nursery, environment: Mapping[str, str], *, room: str
    ) -> None:  # fmt: skip
        self._module = f"functions.{room}.{function}"
        self.name = name
        self.function = function
        self._nursery = nursery
        self._environment = dict(environment)
        self._inbox: queue.Queue[Call | Ended | None] = queue.Queue()
        self._start()

    def caught(self, call: Call) -> None:
        """Take note of a call that waits."""
        self._inbox.put(call)

    def give(self, event: dict[str, Any], now: int) -> Call | Ended:
        """Give it a batch, and return what it comes to: a call, or the end."""
        self._line.sendall(json.dumps({"event": event, "now": now}).encode() + b"\n")
        return self.next()

    def next(self) -> Call | Ended:
        """Return what it comes to next."""
        found = self._inbox.get(timeout=_PATIENCE_SECONDS)
        assert found is not None, f"{self.name} ended by itself"
        return found

    def replace(self) -> None:
        """Kill it, and let another one take its place."""
        self.kill()
        self._start()

    def kill(self) -> None:
        """End it as a crash of its machine would, and return when it is gone."""
        os.kill(self._pid, signal.SIGKILL)
        while self._inbox.get(timeout=_PATIENCE_SECONDS) is not None:
            pass
        self._line.close()

    def _start(self) -> None:
        self._line, self._pid = self._nursery.bear(self._module, self._environment)
        threading.Thread(target=self._listen, args=(self._line.makefile("rb"),), daemon=True).start()

    def _listen(self, answers: Any) -> None:
        for answer in answers:
            self._inbox.put(Ended(json.loads(answer).get("answer")))
        self._inbox.put(None)


@contextmanager
def working(
    site: Site, nursery: Nursery, crew: Mapping[str, int], *, room: str = "workers"
) -> Iterator[list[Worker]]:  # fmt: skip
    """Let some workers of each function work, with the deployed function's settings and the rights of its role."""
    upstream = urlsplit(site.outputs["aws_endpoint_url"]).netloc
    workers: list[Worker] = []
    with ExitStack() as stack:
        for function, count in crew.items():
            environment = _environment(site, function)
            for number in range(count):
                url = stack.enter_context(tapped(upstream, partial(_tell, workers, len(workers))))
                settings = {**environment, "AWS_ENDPOINT_URL": url}
                workers.append(Worker(f"{function}-{number}", function, nursery, settings, room=room))
                stack.callback(workers[-1].kill)
        yield workers


def _tell(workers: list[Worker], place: int, call: Call) -> None:
    workers[place].caught(call)


def _environment(site: Site, function: str) -> dict[str, str]:
    name = site.outputs["functions"][function]
    configuration = site.aws("lambda").get_function_configuration(FunctionName=name)
    rights = site.aws("sts").assume_role(RoleArn=configuration["Role"], RoleSessionName="chaos")["Credentials"]
    variables = configuration["Environment"]["Variables"]
    return {
        **{name: value for name, value in variables.items() if not name.startswith("AWS_ENDPOINT_URL")},
        "AWS_ACCESS_KEY_ID": rights["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": rights["SecretAccessKey"],
        "AWS_SESSION_TOKEN": rights["SessionToken"],
    }
