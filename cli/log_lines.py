"""Show a log line so that it can be read."""

import json
import time
from typing import Any

from rich.console import Console
from rich.markup import escape

from local.logs import LogEvent

_LEVELS = {"DEBUG": "dim", "INFO": "green", "WARNING": "yellow", "ERROR": "red", "CRITICAL": "bold red"}
_COLOURS = ("cyan", "magenta", "blue", "bright_cyan", "bright_magenta", "bright_blue")
_LAMBDAS_OWN = ("START RequestId", "END RequestId", "REPORT RequestId", "INIT_START")
# Shown elsewhere on the line, or of no use to a person.
_HIDDEN = frozenset(
    {"level", "message", "timestamp", "service", "function_name", "location", "function_request_id", "xray_trace_id",
     "cold_start", "_aws", "request_id", "Accepted", "Rejected", "Failed", "Allowed", "Denied", "sqs_message_id",
     "MailSent", "MailSkipped", "MailFailed"}
)  # fmt: skip


def render(event: LogEvent, console: Console) -> None:
    """Print one line; Lambda's own lines are left out."""
    text = event.message.rstrip()
    if not text or text.startswith(_LAMBDAS_OWN):
        return
    line = _parse(text)
    moment = time.strftime("%H:%M:%S", time.localtime(event.milliseconds / 1000))
    colour = _COLOURS[sum(event.function.encode()) % len(_COLOURS)]
    prefix = f"[dim]{moment}[/] [{colour}]{event.function:<16}[/]"
    if line is None:
        console.print(f"{prefix} {escape(text)}")
    elif "message" in line:
        level = str(line.get("level", "INFO"))
        fields = " ".join(f"[dim]{name}=[/]{escape(_show(line[name]))}" for name in line if name not in _HIDDEN)
        console.print(f"{prefix} [{_LEVELS.get(level, 'white')}]{level:<7}[/] {escape(str(line['message']))}  {fields}")


def _parse(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _show(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
