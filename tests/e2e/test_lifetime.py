"""Starting and stopping a stage of its own: what stays, what goes, what is refused."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from local.emulator_process import Emulator
from local.paths import ROOT, clean_environment
from tests.e2e.commands import sitewire
from tests.e2e.conftest import FORM, eventually, free_port


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """Give a folder for a stage's data; whatever runs on it afterwards is stopped."""
    yield tmp_path
    sitewire(tmp_path, "down")


def started(state: Path, *options: str) -> str:
    """Start the stage and return the API's URL."""
    done = sitewire(state, "dev", "--detach", *options)
    assert done.code == 0, done.err
    return str(json.loads((state / "outputs.json").read_text())["api_url"])


def status_of(api_url: str, message_id: str) -> str:
    return str(requests.get(f"{api_url}/api/operations/{message_id}", timeout=30).json()["status"])


def test_data_outlives_ctrl_c_and_ends_with_reset(state: Path) -> None:
    port = free_port()
    first, accepted, shown = run_until_ctrl_c(state, port)
    assert "curl -i http://localhost" in shown
    assert "ingest_contact" in shown
    assert subprocess.run(["pgrep", "-f", str(state)], check=False, capture_output=True).stdout == b""
    assert not (state / "outputs.json").exists()

    moved = started(state, "--port", str(free_port()))
    token = sitewire(state, "token", "--role", "editor").out.strip()
    listed = requests.get(f"{moved}/api/contact", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert [item["id"] for item in listed.json()["items"]] == [accepted]
    assert sitewire(state, "dev", "--port", str(port)).err.startswith("sitewire: it runs already")
    assert sitewire(state, "down").code == 0

    empty = started(state, "--reset", "--port", str(port))
    assert empty == first
    assert status_of(empty, accepted) == "pending"


def run_until_ctrl_c(state: Path, port: int) -> tuple[str, str, str]:
    """Run the stage in the foreground, submit a form, interrupt; return the API's URL, the id, what was shown."""
    process = subprocess.Popen(
        [str(ROOT / ".venv" / "bin" / "sitewire"), "dev", "--port", str(port)],
        env={**clean_environment(), "SITEWIRE_STATE": str(state), "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    eventually((state / "outputs.json").exists, within=90)
    api_url = json.loads((state / "outputs.json").read_text())["api_url"]
    accepted = requests.post(f"{api_url}/api/contact", json=FORM, timeout=30).json()["id"]
    eventually(lambda: status_of(api_url, accepted) == "applied")
    time.sleep(1)  # long enough for a line to be shown
    process.send_signal(signal.SIGINT)
    shown, _ = process.communicate(timeout=30)
    assert process.returncode == 0, shown
    return api_url, accepted, shown


def test_down_without_a_running_stage_is_no_error(state: Path) -> None:
    done = sitewire(state, "down")

    assert (done.code, done.err.strip()) == (0, "Nothing runs here.")


@pytest.mark.parametrize("options", [[], ["--detach"]], ids=str)
def test_a_taken_port_is_told_in_one_line(state: Path, options: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = sitewire(state, "dev", "--port", str(port), *options)

    assert done.code == 1
    assert done.err.splitlines()[-1].startswith(f"sitewire: port {port} is taken: stop what uses it")
    assert "Traceback" not in done.err


def test_the_embedded_aws_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    emulator = Emulator(port=free_port(), region="eu-central-1", folder=tmp_path)
    emulator.start()
    process = emulator._process
    assert process is not None
    assert process.stdin is not None

    process.stdin.close()  # as the kernel does when its owner is killed

    process.wait(timeout=20)
    emulator.stop()
