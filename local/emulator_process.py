"""Start and stop the embedded AWS."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.names import API_STAGE
from local.errors import LocalError
from local.paths import EMULATOR_PYTHON, ROOT, clean_environment

ACCOUNT = "000000000000"
API_ID = "sitewire"

_EMULATOR = Path(__file__).parent / "emulator"
_START_SECONDS = 30
_STOP_SECONDS = 15


class Emulator:
    """The embedded AWS as a child process, bound to the loopback interface, with IAM enforced.

    Parameters
    ----------
    port
        Where it listens.
    region
        The region that it is.
    folder
        Where it keeps its data, its log, and what its functions run from.
    decisions
        File to which IAM's decisions are written, or none.
    """

    def __init__(self, *, port: int, region: str, folder: Path, decisions: Path | None = None) -> None:
        self.port = port
        self.region = region
        self.folder = folder
        self.endpoint_url = f"http://localhost:{port}"
        self.log = folder / "emulator.log"
        self._decisions = decisions
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def api_url(self) -> str:
        """Return the API's plain URL, without a slash at its end."""
        return f"{self.endpoint_url}/{API_STAGE}"

    def start(self) -> None:
        """Start it and return when it answers.

        Raises
        ------
        LocalError
            When the port is taken, the environment is missing, or it does not come up.
        """
        if not EMULATOR_PYTHON.exists():
            message = f"{EMULATOR_PYTHON.relative_to(ROOT)} is missing: run 'make env'"
            raise LocalError(message)
        require_free(self.port)
        scratch = self.folder / "tmp"
        # Workers of an earlier run that were killed have left their files.
        shutil.rmtree(scratch, ignore_errors=True)
        for folder in (self.folder, scratch):
            folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C in the terminal is for us, and we end it in order. Its standard input is
            # a pipe that ends when we do, however that comes about, and it ends with it.
            self._process = subprocess.Popen(  # noqa: S603  our own arguments
                [str(EMULATOR_PYTHON), str(_EMULATOR)], env=self._environment(scratch), stdin=subprocess.PIPE,
                stdout=log, stderr=log, start_new_session=True, cwd=self.folder,
            )  # fmt: skip
        self._await_answer()

    def stop(self, *, keep: bool = True) -> None:
        """End it, and with it every function; to keep what it holds, that is written to its folder."""
        if self._process is None:
            return
        try:
            if keep:
                self._process.terminate()
                self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            # The functions are its children in the same session, and must not outlive it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    @property
    def is_running(self) -> bool:
        """Tell whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def client(self, service: str) -> Any:  # noqa: ANN401  boto3's clients are made at run time
        """Return a client with the rights of the account itself."""
        return local_client(service, self.endpoint_url, self.region)

    def _environment(self, scratch: Path) -> dict[str, str]:
        return {
            **{name: value for name, value in clean_environment().items() if name != "VIRTUAL_ENV"},
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": self.region,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            # Both would listen on every interface.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.folder / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.folder / "s3"),
            "TMPDIR": str(scratch),
            "LOG_LEVEL": "WARNING",
            # A function's file system is read-only on Lambda.
            "PYTHONDONTWRITEBYTECODE": "1",
            "SITEWIRE_API_ID": API_ID,
            "SITEWIRE_API_STAGE": API_STAGE,
            **({"SITEWIRE_DECISIONS": str(self._decisions)} if self._decisions else {}),
        }

    def _await_answer(self) -> None:
        sts = self.client("sts")
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.is_running:
            with contextlib.suppress(BotoCoreError, ClientError):
                sts.get_caller_identity()
                return
            time.sleep(0.1)
        self.stop()
        lines = self.log.read_text(errors="replace").splitlines()
        message = f"the embedded AWS did not start: {lines[-1] if lines else 'it wrote nothing'} (see {self.log})"
        raise LocalError(message)


def local_client(service: str, endpoint_url: str, region: str) -> Any:  # noqa: ANN401  boto3's clients are made at run time
    """Return a client of the embedded AWS with the rights of the account itself."""
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  the embedded AWS's root user
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=60),
    )


def require_free(port: int) -> None:
    """Raise LocalError when something listens on a port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            message = f"port {port} is taken: stop what uses it ('sitewire down', if it is Sitewire), or pass --port"
            raise LocalError(message) from None
