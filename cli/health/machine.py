"""Checks of what lies here: sitewire.toml, and the environments that commands run in."""

import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from cli.health.checks import Check, fail, ok, skipped, warn
from infra.stage import CONFIGURATION, EXAMPLE, Stage, StageError, configuration_file, read_stage
from local.paths import EMULATOR_PYTHON, ROOT

_PYTHON = (3, 13)
# RFC 2606 reserves these for examples: nobody's mail or site is there.
_PLACEHOLDER_DOMAINS = ("example.org", "example.com", "example.net", "example.edu", ".example", ".invalid", ".test")


def read(stage: str, root: Path = ROOT) -> tuple[Stage | None, list[Check]]:
    """Return a stage's configuration, None where there is none, and what is wrong with it."""
    path = configuration_file(root)
    try:
        settings = read_stage(stage, path)
    except StageError as error:
        advice = f"edit {CONFIGURATION}: docs/configuration.md describes every field"
        return None, [fail("configuration", str(error), advice)]
    return settings, [ok("configuration", f"{path.name} describes the stage {stage} in {settings.region}")]


def placeholders(settings: Stage, *, is_local: bool) -> Check:
    """Return whether the example's values were left in a stage that is deployed."""
    name = "placeholders"
    if is_local:
        return skipped(name, "nobody is mailed from here, so the example's values do no harm")
    if found := list(_placeholders(settings)):
        return fail(name, f"left from {EXAMPLE}: {', '.join(found)}", f"write your own into {CONFIGURATION}")
    return ok(name, "none of the example's values is left")


def environment() -> Iterator[Check]:
    """Yield what is the matter with the interpreter and the embedded AWS's environment."""
    version = platform.python_version()
    if sys.version_info[:2] == _PYTHON:
        yield ok("python", f"this is Python {version}")
    else:
        yield fail("python", f"this is Python {version}", "install Python 3.13, and run 'make clean env'")
    if EMULATOR_PYTHON.exists():
        yield ok("emulator", "the embedded AWS is installed")
    else:
        yield warn("emulator", "the embedded AWS is not installed: 'sitewire dev' can't run", "run 'make env'")


def _placeholders(settings: Stage) -> Iterator[str]:
    values = {
        "allowed_origins": settings.allowed_origins,
        "contact.sender": (settings.contact.sender,),
        "contact.recipients": settings.contact.recipients,
        "alarms.emails": settings.alarms.emails,
        "alarms.page_emails": settings.alarms.page_emails,
        "alarms.ticket_emails": settings.alarms.ticket_emails,
        "issuers": tuple(issuer.issuer for issuer in settings.issuers),
    }
    for field, texts in values.items():
        yield from (f"{field} {text}" for text in texts if _is_placeholder(text))


def _is_placeholder(text: str) -> bool:
    host = text.rpartition("@")[2].partition("://")[2] or text.rpartition("@")[2]
    host = host.partition("/")[0].partition(":")[0]
    return any(host == domain or host.endswith(f".{domain.lstrip('.')}") for domain in _PLACEHOLDER_DOMAINS)
