"""The clocks: what they run, how often, and what they may do."""

from typing import NamedTuple

import pytest

from infra.catalogue import FUNCTIONS
from infra.names import ALIAS
from tests.infra.template import Resource, Template

SCHEDULED = [function.name for function in FUNCTIONS if function.room == "schedule"]


class Rhythm(NamedTuple):
    """How often a function runs, in the words of the schedule and in seconds."""

    expression: str
    seconds: int


RHYTHMS = {"release_projects": Rhythm("rate(1 minute)", 60), "remove_salts": Rhythm("rate(1 hour)", 3600)}


@pytest.fixture(params=SCHEDULED)
def function(request: pytest.FixtureRequest) -> str:
    """Return each function that waits for a clock."""
    name: str = request.param
    return name


@pytest.fixture
def schedule(template: Template, function: str) -> Resource:
    return template.named("AWS::Scheduler::Schedule", template.names.function(function))


def test_every_function_that_waits_for_a_clock_has_its_schedule(template: Template) -> None:
    schedules = {schedule.name for schedule in template.resources("AWS::Scheduler::Schedule")}

    assert schedules == {template.names.function(name) for name in SCHEDULED}
    assert schedules == {template.names.release_schedule, template.names.salts_schedule}


def test_it_runs_exactly_as_often_as_it_should(schedule: Resource, function: str) -> None:
    assert schedule["ScheduleExpression"] == RHYTHMS[function].expression
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule.get("State") in {None, "ENABLED"}


def test_it_runs_from_now_on_and_without_an_end(schedule: Resource) -> None:
    assert (schedule.get("StartDate"), schedule.get("EndDate")) == (None, None)


def test_it_runs_the_live_version_of_its_function(template: Template, schedule: Resource, function: str) -> None:
    arn = schedule["Target"]["Arn"]

    alias = template.alias(function)
    # A reference to an alias is its ARN.
    assert (arn, alias["Name"]) == ({"Ref": alias.id}, ALIAS)


def test_a_run_that_was_missed_is_left_to_the_next(schedule: Resource, function: str) -> None:
    target = schedule["Target"]

    retry = {"MaximumEventAgeInSeconds": RHYTHMS[function].seconds, "MaximumRetryAttempts": 0}
    assert target["RetryPolicy"] == retry
    assert target.get("DeadLetterConfig") is None


def test_a_run_ends_before_the_next_one_begins(template: Template, function: str) -> None:
    assert template.function(function)["Timeout"] < RHYTHMS[function].seconds


def test_a_clock_may_run_that_one_version_and_do_nothing_else(
    template: Template, schedule: Resource, function: str
) -> None:
    role = template.target(schedule["Target"]["RoleArn"])

    ((statement,),) = [policy["PolicyDocument"]["Statement"] for policy in role["Policies"]]

    assert statement == {
        "Action": "lambda:InvokeFunction",
        "Effect": "Allow",
        "Resource": {"Ref": template.alias(function).id},
    }
    assert role.get("ManagedPolicyArns") is None


def test_a_clocks_role_is_taken_on_by_clocks_alone(template: Template, schedule: Resource) -> None:
    (trust,) = template.target(schedule["Target"]["RoleArn"])["AssumeRolePolicyDocument"]["Statement"]

    assert trust == {
        "Action": "sts:AssumeRole",
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
    }


def test_no_rule_of_the_bus_is_a_clock_too(template: Template) -> None:
    assert all(rule.get("ScheduleExpression") is None for rule in template.resources("AWS::Events::Rule"))
