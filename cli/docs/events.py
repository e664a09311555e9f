"""docs/events.md: every event, who publishes it, who consumes it."""

import json
from typing import Any

from pydantic import BaseModel

from cli.docs.cloud import Cloud, Subscription
from cli.docs.fields import field_rows, field_table
from cli.docs.markdown import block, code, listed, page, table
from cli.docs.sources import publishers
from schemas.events import EVENTS

_INTRODUCTION = """\
Events travel on the stage's bus as the `detail` of an EventBridge event whose `detail-type` is the event's name. A
consumer ignores fields that it does not know; a breaking change is a new version beside the old one. The `id` is the
message's identity: whatever delivers an event, and however often, each consumer applies it once."""


def events_page(cloud: Cloud) -> str:
    """Return the document."""
    subscriptions = tuple(cloud.subscriptions().values())
    parts = [part for name, model in EVENTS.items() for part in _describe(name, model, subscriptions)]
    return page("Events", _INTRODUCTION, *parts, source="schemas/events.py, the functions and the template")


def _describe(name: str, model: type[BaseModel], subscriptions: tuple[Subscription, ...]) -> list[str]:
    published = publishers(name)
    consumers = [found for found in subscriptions if name in found.events]
    schema = model.model_json_schema()
    facts = (
        ("`source`", listed(sorted({found.source for found in published}))),
        ("Version", str(schema["properties"]["version"]["const"])),
        ("Published by", listed(found.function for found in published)),
        (
            "Consumed by",
            ", ".join(f"{code(found.function)} from {code(found.queue)}" for found in consumers) or "nobody",
        ),
    )
    return [
        f"## {name}",
        str(schema["description"]),
        table(("", ""), facts),
        field_table(field_rows(model)),
        "For example:",
        block(json.dumps(_example(model), indent=2), "json"),
    ]


def _example(model: type[BaseModel]) -> dict[str, Any]:
    """Return the event's example, which must be such an event."""
    example = model.model_json_schema()["examples"][0]
    return model.model_validate(example).model_dump(mode="json", exclude_unset=True)
