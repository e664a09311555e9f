"""The clock: what it runs, how often, and what it may do."""

import pytest

from infra.catalogue import FUNCTIONS
from infra.names import ALIAS
from tests.infra.template import Resource, Template

INTERVAL_SECONDS = 60
SCHEDULED = [function.name for function in FUNCTIONS if function.room == "schedule"]


@pytest.fixture(scope="module")
def schedule(template: Template) -> Resource:
    return template.only("AWS::Scheduler::Schedule")


def test_every_function_that_waits_for_the_clock_has_its_schedule(template: Template, schedule: Resource) -> None:
    assert [template.names.function(name) for name in SCHEDULED] == [schedule.name]
    assert schedule.name == template.names.release_schedule


def test_it_runs_every_minute_and_not_about_every_minute(schedule: Resource) -> None:
    assert schedule["ScheduleExpression"] == "rate(1 minute)"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule.get("State") in {None, "ENABLED"}


def test_it_runs_from_now_on_and_without_an_end(schedule: Resource) -> None:
    assert (schedule.get("StartDate"), schedule.get("EndDate")) == (None, None)


def test_it_runs_the_live_version_of_its_function(template: Template, schedule: Resource) -> None:
    arn = schedule["Target"]["Arn"]

    alias = template.alias("release_projects")
    # A reference to an alias is its ARN.
    assert (arn, alias["Name"]) == ({"Ref": alias.id}, ALIAS)


def test_a_run_that_was_missed_is_left_to_the_next(schedule: Resource) -> None:
    target = schedule["Target"]

    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": INTERVAL_SECONDS, "MaximumRetryAttempts": 0}
    assert target.get("DeadLetterConfig") is None


def test_a_run_ends_before_the_next_one_begins(template: Template) -> None:
    assert template.function("release_projects")["Timeout"] < INTERVAL_SECONDS


def test_the_clock_may_run_that_one_version_and_do_nothing_else(template: Template, schedule: Resource) -> None:
    role = template.target(schedule["Target"]["RoleArn"])

    ((statement,),) = [policy["PolicyDocument"]["Statement"] for policy in role["Policies"]]

    assert statement == {
        "Action": "lambda:InvokeFunction",
        "Effect": "Allow",
        "Resource": {"Ref": template.alias("release_projects").id},
    }
    assert role.get("ManagedPolicyArns") is None


def test_the_clocks_role_is_taken_on_by_the_clock_alone(template: Template, schedule: Resource) -> None:
    (trust,) = template.target(schedule["Target"]["RoleArn"])["AssumeRolePolicyDocument"]["Statement"]

    assert trust == {
        "Action": "sts:AssumeRole",
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
    }


def test_no_rule_of_the_bus_is_a_clock_too(template: Template) -> None:
    assert all(rule.get("ScheduleExpression") is None for rule in template.resources("AWS::Events::Rule"))
