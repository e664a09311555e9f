"""The generated documents: which there are, and whether the committed ones are what the code says."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from cli.docs.access import access_page
from cli.docs.alarms import alarms_page
from cli.docs.cloud import Cloud
from cli.docs.commands import commands_page
from cli.docs.configuration import configuration_page
from cli.docs.events import events_page
from cli.docs.functions import functions_page
from cli.docs.iam import iam_page
from cli.docs.observability import log_line_schema, logs_page, metrics_page
from cli.docs.tracker import tracker_script
from cli.openapi import openapi_text

DOCUMENTS: Mapping[str, Callable[[Cloud], str]] = MappingProxyType(
    {
        "docs/access.md": lambda _: access_page(),
        "docs/alarms.md": alarms_page,
        "docs/cli.md": lambda _: commands_page(),
        "docs/configuration.md": configuration_page,
        "docs/events.md": events_page,
        "docs/functions.md": functions_page,
        "docs/iam.md": iam_page,
        "docs/log-line.schema.json": lambda _: log_line_schema(),
        "docs/logs.md": lambda _: logs_page(),
        "docs/metrics.md": lambda _: metrics_page(),
        "docs/openapi.json": lambda _: openapi_text(),
        "web/tracker/sitewire.min.js": lambda _: tracker_script(),
    }
)
"""What writes each document, by the document's path in the repository."""


def write_documents(root: Path, cloud: Cloud) -> list[str]:
    """Write the documents that are stale and return their paths."""
    stale = stale_documents(root, cloud)
    for path in stale:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(DOCUMENTS[path](cloud))
    return stale


def stale_documents(root: Path, cloud: Cloud) -> list[str]:
    """Return the paths of the documents that are missing or differ from what the code says."""
    return [path for path, write in DOCUMENTS.items() if _text(root / path) != write(cloud)]


def _text(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
