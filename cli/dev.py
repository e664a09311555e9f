"""Run the backend here, and stop it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cli.console import err, out, progress
from cli.log_lines import render
from cli.running import refuse_second, running, running_pid
from infra.stage import configuration_file, read_stage
from local.emulator_process import local_client
from local.errors import LocalError
from local.logs import follow_logs
from local.outputs import Outputs
from local.paths import OUTPUTS, ROOT, STATE
from local.session import DEFAULT_PORT, LocalStage
from local.watch import watch_sources

STAGE = "local"

_LOCK = STATE / "dev.lock"
_DETACHED_LOG = STATE / "dev.log"
_START_SECONDS = 180
_STOP_SECONDS = 30


def dev(
    *,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Return once it runs; stop it with 'down'.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the embedded AWS listens.")] = DEFAULT_PORT,
    reset: Annotated[bool, typer.Option("--reset", help="Start with empty data.")] = False,
) -> None:
    """Run the whole backend here, on the embedded AWS.

    Builds the layers, synthesizes the template, deploys it with IAM enforced, and shows the functions' logs until
    Ctrl-C. Edits to functions, schemas and shared code are live within two seconds; routes, settings, infra/ and
    sitewire.toml make the template, which is deployed on the next start. Data is kept until --reset, mails are not.
    """
    refuse_second(_LOCK)
    configured = read_stage(STAGE, configuration_file(ROOT))
    if detach:
        _start_detached(port=port, reset=reset)
        return
    stage = LocalStage(configured, port=port, folder=STATE)
    # A terminal that is closed hangs up; what runs in it must not be left behind.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    with running(_LOCK, os.getpid()):
        _run(stage, reset=reset)


def down() -> None:
    """Stop the backend that runs here; its data stays for the next start."""
    pid = running_pid(_LOCK)
    if pid is None:
        err.print("Nothing runs here.")
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while running_pid(_LOCK) == pid:
        if time.monotonic() > deadline:
            message = f"process {pid} does not stop: end it with 'kill -9 {pid}'"
            raise LocalError(message)
        time.sleep(0.1)
    err.print("Stopped.")


def _run(stage: LocalStage, *, reset: bool) -> None:
    if reset:
        stage.reset()
    try:
        started = time.monotonic()
        with progress() as report:
            outputs = stage.start(report)
        _greet(outputs, time.monotonic() - started)
        _attend(stage, outputs)
    except KeyboardInterrupt:
        err.print("\nStopping")
    finally:
        stage.stop()


def _attend(stage: LocalStage, outputs: Outputs) -> None:
    """Show logs and redeploy edits until interrupted."""
    stop = threading.Event()
    watcher = threading.Thread(
        target=watch_sources,
        kwargs={"code_changed": lambda: _redeploy(stage), "template_changed": _tell_restart, "stop": stop},
        daemon=True,
    )
    watcher.start()
    logs = local_client("logs", outputs["aws_endpoint_url"], outputs["region"])
    try:
        for event in follow_logs(logs, outputs["log_groups"], since=int(time.time() * 1000)):
            if event is not None:
                render(event, out)
            elif not stage.emulator.is_running:
                message = f"the embedded AWS ended by itself (see {stage.emulator.log})"
                raise LocalError(message)
    finally:
        stop.set()


def _redeploy(stage: LocalStage) -> None:
    started = time.monotonic()
    try:
        changed = stage.redeploy()
    except Exception as error:  # noqa: BLE001  half-written sources must not end the session
        err.print(f"[red]not redeployed:[/] {escape(str(error))}")
        return
    if changed:
        err.print(f"[cyan]redeployed[/] {', '.join(changed)} in {time.monotonic() - started:.1f} s")


def _tell_restart() -> None:
    err.print("[yellow]what the template is made from has changed:[/] stop and start again to deploy it")


def _greet(outputs: Outputs, seconds: float) -> None:
    api = outputs["api_url"]
    out.print(f"\n[bold green]Sitewire runs[/] at [bold]{api}[/] (ready in {seconds:.1f} s)\n")
    out.print(f"  API          {api}/api/health")
    out.print(f"  Mails        {outputs['aws_endpoint_url']}/_ministack/ses/messages")
    out.print("  Token        .venv/bin/sitewire token --role editor")
    out.print("  AWS          AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test .venv-awscli/bin/aws \\")
    out.print(f"                 --region {outputs['region']} --endpoint-url {outputs['aws_endpoint_url']} <command>")
    out.print("\nSend a contact form:\n")
    out.print(f"  curl -i {api}/api/contact -H 'Content-Type: application/json' \\")
    out.print('    -d \'{"name": "Ada", "email": "ada@example.org", "message": "Hello!"}\'\n')


def _start_detached(*, port: int, reset: bool) -> None:
    command = [sys.argv[0], "dev", "--port", str(port), *(["--reset"] if reset else [])]
    STATE.mkdir(parents=True, exist_ok=True)
    OUTPUTS.unlink(missing_ok=True)
    with _DETACHED_LOG.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  ourselves
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=ROOT
        )
    deadline = time.monotonic() + _START_SECONDS
    with progress() as report:
        report("Starting")
        while not OUTPUTS.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise LocalError(_last_line(_DETACHED_LOG))
            time.sleep(0.1)
    outputs: Outputs = json.loads(OUTPUTS.read_text())
    out.print(
        f"Sitewire runs at {outputs['api_url']}; 'sitewire down' stops it, 'sitewire logs --follow' shows its logs."
    )


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("sitewire: ") if lines else "it did not start and gave no reason"


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
