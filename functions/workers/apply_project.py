"""Commands to projects: change the project, once, and tell the bus of it."""

import contextlib
import json
import os
import time
from functools import partial
from typing import Annotated, Any

from pydantic import Field

from functions.workers.settings import ApplyProjectSettings
from schemas.project_events import CreateProject, ProjectCommand, ReorderProjects, SingleProjectCommand
from shared.aws.client import JsonClient
from shared.clients import client
from shared.clock import timestamp
from shared.consumer import Consumer, Early, Outcome
from shared.delivery import EarlyError
from shared.ledger import Ledger
from shared.observability.lines import Apart, RequestLog
from shared.observability.tally import Tally
from shared.projects.changes import Surroundings, changed, placed, stamp_of
from shared.projects.facts import facts_of, reordered
from shared.projects.outcomes import RejectedError, SupersededError
from shared.projects.project import Project
from shared.publishing import EventBus, Message
from shared.table.early import EarlyDeliveries
from shared.table.projects import ProjectTable
from shared.table.transactions import ConditionError, ConflictError, transact

CONSUMER = "apply_project"
_ATTEMPTS = 5
_COUNTED = {"ProjectPublished": "Published", "ProjectUnpublished": "Unpublished"}
"""Facts that are metrics."""

settings = ApplyProjectSettings.from_environment(os.environ)
dynamodb = client("dynamodb")
tally = Tally()
ledger = Ledger(dynamodb, settings.table_name, hit=partial(tally.count, "LedgerHits"))
projects = ProjectTable(dynamodb, settings.table_name)
early = EarlyDeliveries(dynamodb, settings.table_name)
bus = EventBus(JsonClient(service="events", target="AWSEvents"), settings.event_bus_name)
known_locales: set[str] = set()
log = RequestLog(CONSUMER)


def apply(command: ProjectCommand) -> Outcome:
    """Apply a command and publish what follows from it.

    The facts are kept in the ledger's entry until the bus has taken them: where a worker died in between, the next
    delivery finds them there.
    """
    try:
        outcome, facts = _reorder(command) if isinstance(command, ReorderProjects) else _change(command)
    except RejectedError as error:
        outcome, facts = reject(command, error.reason), []
    if outcome is Outcome.DUPLICATE:
        facts = [Message(*fact) for fact in json.loads(ledger.outbox(command.id, CONSUMER) or "[]")]
    if facts:
        bus.publish(facts, trace_header=os.environ.get("_X_AMZN_TRACE_ID"))
        for fact in facts:
            if fact.name in _COUNTED:
                tally.count(_COUNTED[fact.name])
        ledger.empty_outbox(command.id, CONSUMER)
    return outcome


def reject(command: ProjectCommand, reason: str) -> Outcome:
    """Record that a command will never be applied."""
    if not ledger.reject(command.id, CONSUMER, reason):
        return Outcome.DUPLICATE
    # What follows the colon quotes what somebody wrote.
    log.write(
        "WARNING", "command rejected", apart=Apart("Rejected", "reason"), reason=reason.partition(":")[0],
        message_id=command.id, correlation_id=command.correlation_id,
    )  # fmt: skip
    return Outcome.REJECTED


def _change(command: SingleProjectCommand) -> tuple[Outcome, list[Message]]:
    project_id = command.id if isinstance(command, CreateProject) else command.data.project_id
    surroundings = Surroundings(projects.owner, lambda version: projects.version(project_id, version))
    for _ in range(_ATTEMPTS):
        state = projects.get(project_id)
        try:
            after = changed(state, command, surroundings)
        except SupersededError:
            return _record(command, [], [])
        before = state if isinstance(state, Project) else None
        if isinstance(after, Project):
            _remember(after.document["locale"])
        facts = facts_of(before, after, **_origin(command))
        try:
            return _record(command, projects.writes(before, after, now=time.time()), facts)
        except ConditionError:
            # Somebody wrote the project or took the slug since they were read: look again.
            continue
    message = f"others were faster {_ATTEMPTS} times"
    raise ConflictError(message)


def _reorder(command: ReorderProjects) -> tuple[Outcome, list[Message]]:
    """Place each project in a transaction of its own: together they would not fit into one.

    A delivery that is cut off is repeated whole, and finds what is placed already.
    """
    there = _projects_in(command)
    for place in command.data.positions:
        _place(place.id, place.position, stamp_of(command))
    return _record(command, [], [reordered(there, **_origin(command))])


def _projects_in(command: ReorderProjects) -> list[str]:
    """Return the ids of the projects that an order names, without those that were purged.

    Whether the order or the purge comes first makes no difference to the others then, and an order of which a part was
    done already is not rejected.
    """
    states = {place.id: projects.get(place.id) for place in command.data.positions}
    reason = "not_found"
    if None in states.values():
        raise EarlyError(reason)
    there = [project_id for project_id, state in states.items() if isinstance(state, Project)]
    if not there:
        raise RejectedError(reason)
    return there


def _place(project_id: str, position: int, stamp: str) -> None:
    for _ in range(_ATTEMPTS):
        state = projects.get(project_id)
        if not isinstance(state, Project):
            return
        try:
            after = placed(state, position, stamp=stamp)
        except SupersededError:
            return
        with contextlib.suppress(ConditionError):
            transact(dynamodb, projects.writes(state, after, now=time.time()))
            return
    message = f"others were faster {_ATTEMPTS} times"
    raise ConflictError(message)


def _record(command: ProjectCommand, writes: list[Any], facts: list[Message]) -> tuple[Outcome, list[Message]]:
    outbox = json.dumps(facts) if facts else None
    applied = ledger.apply(command.id, CONSUMER, writes, outbox=outbox)
    return (Outcome.APPLIED, facts) if applied else (Outcome.DUPLICATE, [])


def _origin(command: ProjectCommand) -> dict[str, str]:
    moment = timestamp(command.occurred_at.timestamp())
    return {"operation_id": command.id, "occurred_at": moment, "correlation_id": command.correlation_id}


def _remember(locale: str) -> None:
    """Make a locale known before its first project is: a list over all locales would miss it otherwise."""
    if locale not in known_locales:
        projects.remember_locale(locale)
        known_locales.add(locale)


handler = Consumer(
    CONSUMER,
    Annotated[ProjectCommand, Field(discriminator="name")],
    apply,
    early=Early(times=early.count, reject=reject),
    tally=tally,
)
