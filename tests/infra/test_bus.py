from typing import Any

import pytest

from infra.catalogue import workers
from infra.retention import ARCHIVE_DAYS
from schemas.events import EVENTS
from tests.infra.template import Template

PROJECT_COMMANDS = [
    "CreateProject", "ReplaceProject", "PatchProject", "DeleteProject", "RestoreProject", "PurgeProject",
    "RevertProject", "ReorderProjects", "ReleaseProject",
]  # fmt: skip
PROJECT_FACTS = [
    "ProjectCreated", "ProjectUpdated", "ProjectPublished", "ProjectUnpublished", "ProjectDeleted", "ProjectRestored",
    "ProjectPurged", "ProjectsReordered",
]  # fmt: skip

PUBLISHED = {
    "ContactSubmitted": {"source": "sitewire.contact", "detail-type": "ContactSubmitted"},
    **{name: {"source": "sitewire.projects", "detail-type": name} for name in (*PROJECT_COMMANDS, *PROJECT_FACTS)},
}
"""Every event as it arrives on the bus; the fields by which a rule could choose it."""

WANTED = {
    "store_contact": ["ContactSubmitted"],
    "notify_contact": ["ContactSubmitted"],
    # And no fact: a worker that consumed what it publishes could go on for ever.
    "apply_project": PROJECT_COMMANDS,
    # It is sent its messages directly.
    "aggregate_analytics": [],
}
"""Events that each worker consumes."""


def matches(pattern: dict[str, list[Any]], event: dict[str, str]) -> bool:
    """Return whether EventBridge would match an event: every field of the pattern, by value or by prefix."""
    return all(any(_accepts(choice, event.get(field, "")) for choice in choices) for field, choices in pattern.items())


def _accepts(choice: Any, value: str) -> bool:
    if isinstance(choice, dict):
        ((comparison, operand),) = choice.items()
        assert comparison == "prefix", f"{comparison} is not evaluated here"
        return value.startswith(operand)
    return bool(choice == value)


def test_every_event_is_described_here() -> None:
    assert PUBLISHED.keys() == EVENTS.keys()
    assert WANTED.keys() == {worker.name for worker in workers()}


@pytest.mark.parametrize("worker", WANTED)
def test_a_worker_gets_the_events_that_it_consumes_and_no_other(template: Template, worker: str) -> None:
    queue = template.named("AWS::SQS::Queue", template.names.queue(worker))
    rules = [
        rule
        for rule in template.resources("AWS::Events::Rule")
        if any(template.target(target["Arn"]) == queue for target in rule["Targets"])
    ]

    delivered = [
        name for name, event in PUBLISHED.items() for rule in rules if matches(rule["EventPattern"], event)
    ]  # fmt: skip

    # Once each: two rules that match would deliver every event twice.
    assert delivered == WANTED[worker]


def test_no_rule_waits_for_an_event_that_does_not_exist(template: Template) -> None:
    for rule in template.resources("AWS::Events::Rule"):
        assert set(rule["EventPattern"]["detail-type"]) <= EVENTS.keys()


def test_every_rule_listens_on_our_own_bus(template: Template) -> None:
    bus = template.only("AWS::Events::EventBus")

    assert bus.name == template.names.bus
    for rule in template.resources("AWS::Events::Rule"):
        assert (template.target(rule["EventBusName"]), rule["State"]) == (bus, "ENABLED")


def test_every_delivery_is_tried_for_a_day(template: Template) -> None:
    for rule in template.resources("AWS::Events::Rule"):
        for target in rule["Targets"]:
            retry = target["RetryPolicy"]
            assert retry["MaximumEventAgeInSeconds"] == 24 * 3600
            assert retry["MaximumRetryAttempts"] == 185  # EventBridge's most


def test_every_event_that_cannot_be_delivered_is_kept(template: Template) -> None:
    undelivered = template.named("AWS::SQS::Queue", template.names.undelivered_queue)

    for rule in template.resources("AWS::Events::Rule"):
        for target in rule["Targets"]:
            assert template.target(target["DeadLetterConfig"]["Arn"]) == undelivered


def test_every_rule_has_one_queue_of_its_own(template: Template) -> None:
    queues = [
        template.target(target["Arn"]).name
        for rule in template.resources("AWS::Events::Rule")
        for target in rule["Targets"]
    ]

    assert sorted(queues) == sorted(template.names.queue(worker) for worker, wanted in WANTED.items() if wanted)


def test_the_archive_keeps_what_the_bus_carries(template: Template) -> None:
    archive = template.only("AWS::Events::Archive")

    assert template.target(archive["SourceArn"]) == template.only("AWS::Events::EventBus")
    assert archive["RetentionDays"] == ARCHIVE_DAYS


@pytest.mark.parametrize("event", PUBLISHED.values(), ids=PUBLISHED)
def test_every_event_is_archived(template: Template, event: dict[str, str]) -> None:
    assert matches(template.only("AWS::Events::Archive")["EventPattern"], event)


def test_nobody_outside_the_account_may_publish(template: Template) -> None:
    assert [found for found in template.all_resources() if found.type == "AWS::Events::EventBusPolicy"] == []
    assert template.only("AWS::Events::EventBus").get("Policy") is None
