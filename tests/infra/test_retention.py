"""How long things are kept, where one kept for too short a time would undo another."""

from shared.ledger import RETENTION_SECONDS
from shared.table.early import RETENTION_SECONDS as EARLY_SECONDS
from shared.table.leases import LEASE_SECONDS
from tests.infra.template import Template

DAY = 24 * 3600
MARGIN = 7 * DAY


def longest(template: Template, *, dead_letters: bool) -> int:
    """Return the longest retention, in seconds, of queues that have a dead-letter queue, or of those that have none."""
    queues = template.resources("AWS::SQS::Queue")
    return max(
        int(queue["MessageRetentionPeriod"]) for queue in queues if (queue.get("RedrivePolicy") is None) == dead_letters
    )


def test_the_ledger_remembers_a_message_for_longer_than_it_can_live(template: Template) -> None:
    in_archive = template.only("AWS::Events::Archive")["RetentionDays"] * DAY
    under_way = max(
        target["RetryPolicy"]["MaximumEventAgeInSeconds"]
        for rule in template.resources("AWS::Events::Rule")
        for target in rule["Targets"]
    )
    in_queues = longest(template, dead_letters=False) + longest(template, dead_letters=True)

    # Replayed from the archive on its last day, delivered at the last attempt, then replayed from the last queue.
    assert in_archive + under_way + in_queues + MARGIN <= RETENTION_SECONDS


def test_how_often_a_message_came_too_early_is_remembered_while_it_is_in_its_queue(template: Template) -> None:
    assert longest(template, dead_letters=False) <= EARLY_SECONDS


def test_a_lease_on_administrators_outlasts_its_holder(template: Template) -> None:
    # Whoever held one for longer would act beside the next holder.
    assert template.function("users_directory")["Timeout"] < LEASE_SECONDS


def test_every_log_is_kept_for_a_time_that_ends(template: Template) -> None:
    groups = template.resources("AWS::Logs::LogGroup")

    assert all(1 <= group["RetentionInDays"] <= 365 for group in groups)


def test_functions_logs_are_kept_as_long_as_the_stage_says(template: Template) -> None:
    groups = [group for group in template.resources("AWS::Logs::LogGroup") if group.name.startswith("/aws/lambda/")]

    assert {group["RetentionInDays"] for group in groups} == {template.stage.log_retention_days}
