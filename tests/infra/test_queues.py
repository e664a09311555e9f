import pytest

from infra.catalogue import workers
from shared.consumer import EARLY_DELIVERIES
from tests.infra.template import Resource, Template, as_list
from tests.infra.test_event_sources import FED_DIRECTLY

WORKERS = [worker.name for worker in workers()]
FED_BY_RULES = [worker for worker in WORKERS if worker not in FED_DIRECTLY]
MANAGED_BY_SQS = "SqsManagedSseEnabled"


def queue(template: Template, name: str) -> Resource:
    return template.named("AWS::SQS::Queue", name)


def statements(template: Template, owner: Resource) -> list[dict[str, object]]:
    policies = template.resources("AWS::SQS::QueuePolicy")
    return [
        statement
        for policy in policies
        if [template.target(value) for value in policy["Queues"]] == [owner]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def senders(template: Template, owner: Resource) -> list[dict[str, object]]:
    return [statement for statement in statements(template, owner) if statement["Effect"] == "Allow"]


def rules_into(template: Template, owner: Resource) -> list[Resource]:
    rules = template.resources("AWS::Events::Rule")
    return [rule for rule in rules if owner in [template.target(target["Arn"]) for target in rule["Targets"]]]


def test_the_queues_are_those_of_the_workers_and_one_for_undelivered_events(template: Template) -> None:
    names = template.names
    expected = {names.undelivered_queue}
    for worker in WORKERS:
        expected |= {names.queue(worker), names.dead_letter_queue(worker)}

    assert {found.name for found in template.resources("AWS::SQS::Queue")} == expected


@pytest.mark.parametrize("worker", WORKERS)
def test_what_a_worker_cannot_process_moves_to_its_own_dead_letter_queue(template: Template, worker: str) -> None:
    redrive = queue(template, template.names.queue(worker))["RedrivePolicy"]

    own = queue(template, template.names.dead_letter_queue(worker))
    assert template.target(redrive["deadLetterTargetArn"]) == own


@pytest.mark.parametrize("worker", WORKERS)
def test_throttles_may_use_up_some_deliveries_before_a_message_is_given_up(template: Template, worker: str) -> None:
    redrive = queue(template, template.names.queue(worker))["RedrivePolicy"]

    assert redrive["maxReceiveCount"] >= 5


def test_what_comes_too_early_again_and_again_is_rejected_before_its_queue_gives_it_up(template: Template) -> None:
    redrive = queue(template, template.names.queue("apply_project"))["RedrivePolicy"]

    # Two more, so that a failure or two beside it do not make a dead letter of a client's mistake.
    assert redrive["maxReceiveCount"] >= EARLY_DELIVERIES + 2


@pytest.mark.parametrize("worker", WORKERS)
def test_a_message_stays_hidden_for_six_times_as_long_as_its_worker_may_run(template: Template, worker: str) -> None:
    hidden = queue(template, template.names.queue(worker))["VisibilityTimeout"]

    assert hidden >= 6 * template.function(worker)["Timeout"]


@pytest.mark.parametrize("worker", WORKERS)
def test_a_message_outlives_its_queue_in_the_dead_letter_queue(template: Template, worker: str) -> None:
    source = queue(template, template.names.queue(worker))
    dead_letters = queue(template, template.names.dead_letter_queue(worker))

    # A message keeps its first enqueue time when it moves: the same retention would expire it on arrival.
    assert dead_letters["MessageRetentionPeriod"] > source["MessageRetentionPeriod"]


def test_no_dead_letter_queue_moves_messages_on(template: Template) -> None:
    names = [template.names.dead_letter_queue(worker) for worker in WORKERS]

    for name in [*names, template.names.undelivered_queue]:
        assert queue(template, name).get("RedrivePolicy") is None


def test_every_queue_is_encrypted(template: Template) -> None:
    assert all(found[MANAGED_BY_SQS] is True for found in template.resources("AWS::SQS::Queue"))


def test_every_queue_refuses_what_does_not_come_over_tls(template: Template) -> None:
    for found in template.resources("AWS::SQS::Queue"):
        (denial,) = [statement for statement in statements(template, found) if statement["Effect"] == "Deny"]
        assert (denial["Action"], denial["Principal"]) == ("sqs:*", {"AWS": "*"})
        assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert template.target(denial["Resource"]) == found


@pytest.mark.parametrize("worker", FED_BY_RULES)
def test_a_workers_queue_takes_messages_from_its_own_rule_alone(template: Template, worker: str) -> None:
    own = queue(template, template.names.queue(worker))
    (rule,) = rules_into(template, own)

    (allowed,) = senders(template, own)

    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    assert allowed["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [rule.id, "Arn"]}}}
    assert template.target(allowed["Resource"]) == own


@pytest.mark.parametrize("worker", sorted(FED_DIRECTLY))
def test_a_queue_that_no_rule_feeds_takes_messages_from_roles_that_may_send_alone(
    template: Template, worker: str
) -> None:
    own = queue(template, template.names.queue(worker))

    assert senders(template, own) == []
    assert rules_into(template, own) == []


@pytest.mark.parametrize("worker", FED_BY_RULES)
def test_a_rule_may_send_to_a_queue_and_neither_read_nor_delete(template: Template, worker: str) -> None:
    (allowed,) = senders(template, queue(template, template.names.queue(worker)))

    actions = set(as_list(allowed["Action"]))
    assert "sqs:SendMessage" in actions
    assert actions <= {"sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"}


@pytest.mark.parametrize("worker", WORKERS)
def test_nobody_but_sqs_itself_fills_a_workers_dead_letter_queue(template: Template, worker: str) -> None:
    assert senders(template, queue(template, template.names.dead_letter_queue(worker))) == []


def test_the_queue_of_undelivered_events_takes_them_from_the_rules_alone(template: Template) -> None:
    undelivered = queue(template, template.names.undelivered_queue)

    allowed = senders(template, undelivered)

    rules = {rule.id for rule in template.resources("AWS::Events::Rule")}
    sources = [
        {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [rule, "Arn"]}}} for rule in sorted(rules)
    ]  # fmt: skip
    assert sorted((statement["Condition"] for statement in allowed), key=str) == sources
    for statement in allowed:
        assert (statement["Action"], statement["Principal"]) == (
            "sqs:SendMessage",
            {"Service": "events.amazonaws.com"},
        )
