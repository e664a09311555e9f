"""Every minute: ask for what is due to projects to be done (publish, archive, purge).

The request is a command like any other, with an id that follows from the project and what is due: asked twice, it
is applied once. A project stays due until it was applied, so whatever is lost is asked for again a minute later.
"""

import os
from typing import Any

from functions.schedule.settings import ReleaseProjectsSettings
from shared.aws.client import JsonClient
from shared.clients import client
from shared.clock import timestamp
from shared.ids import derived_id
from shared.observability.lines import RequestLog
from shared.publishing import EventBus, Message
from shared.table.project_lists import Due, ProjectLists

MOST_AT_ONCE = 500
"""Projects in one run; the others follow a minute later."""

settings = ReleaseProjectsSettings.from_environment(os.environ)
lists = ProjectLists(client("dynamodb"), settings.table_name)
bus = EventBus(JsonClient(service="events", target="AWSEvents"), settings.event_bus_name)
log = RequestLog("release_projects")


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ANN401, ARG001  Lambda's context
    """Publish a command for each project that is due.

    Raises
    ------
    shared.publishing.PublishError, shared.aws.errors.AwsError
        When the bus does not take them all; Lambda counts it as an error.
    """
    now = timestamp()
    due = lists.due(now, limit=MOST_AT_ONCE)
    correlation_id = str(context.aws_request_id)
    commands = [_command(project, now, correlation_id) for project in due]
    bus.publish(commands, trace_header=os.environ.get("_X_AMZN_TRACE_ID"))
    metrics = {"Released": (float(len(due)), "Count")}
    log.write("INFO", "due projects released", metrics=metrics, correlation_id=correlation_id)


def _command(due: Due, now: str, correlation_id: str) -> Message:
    return Message(
        id=derived_id(b"ReleaseProject", due.project_id.encode(), due.due_at.encode(), b"%d" % due.since),
        source="sitewire.projects",
        name="ReleaseProject",
        occurred_at=now,
        correlation_id=correlation_id,
        data={"project_id": due.project_id, "due_at": due.due_at},
    )
