import json
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from shared.ledger import Ledger
from tests.functional.conftest import TABLE
from tests.functional.faults import cancel_transactions, mails_unanswered, refuse_mails
from tests.functional.shared.table.submissions import put
from tests.unit import events
from tests.unit.shared.consumers import Context, failures

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

IDENTIFIER = "01990000-0000-7000-8000-000000000001"
OWNER, VISITOR, SENDER = "owner@example.org", "ada@example.org", "website@example.org"
DONE: dict[str, Any] = {"batchItemFailures": []}
LEASE = 60
NOON = 1786900946.0


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worker(
    load: Callable[[str], ModuleType], dynamodb: "DynamoDBClient", clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    prefer()
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    put(dynamodb, TABLE, 1)
    module = load("functions.workers.notify_contact")
    ledger = Ledger(module.dynamodb, TABLE, clock=clock, sleep=lambda _seconds: None)
    monkeypatch.setattr(module, "ledger", ledger)
    return module


def prefer(**changes: Any) -> None:
    """Set the preferences of the stage, as an operator does."""
    preferences = {"sender": SENDER, "recipients": [OWNER], "site_name": "Example", "autoresponse": True} | changes
    boto3.client("ssm").put_parameter(
        Name="/sitewire/local/contact/mail", Type="String", Value=json.dumps(preferences), Overwrite=True
    )


def deliver(worker: ModuleType, **changes: Any) -> dict[str, Any]:
    batch = events.sqs_event([events.delivered(events.contact_submitted(**changes))])
    answer: dict[str, Any] = worker.handler(batch, Context())
    return answer


def recipients() -> list[str]:
    """Return whom mails were sent to, in order."""
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    return [address for message in sent for address in message.destinations["ToAddresses"]]


def deliveries(worker: ModuleType) -> dict[str, dict[str, Any]]:
    found = worker.submissions.get(IDENTIFIER)
    return {delivery["channel"]: delivery for delivery in found["deliveries"]}


def outcomes(worker: ModuleType) -> dict[str, str]:
    return {entry["consumer"]: entry["outcome"] for entry in worker.ledger.entries(IDENTIFIER)}


def test_the_owner_is_told_and_the_visitor_is_answered(worker: ModuleType) -> None:
    assert deliver(worker) == DONE

    assert recipients() == [OWNER, VISITOR]
    assert outcomes(worker) == {"notify_contact.notification": "applied", "notify_contact.autoresponse": "applied"}


def test_without_the_preference_no_visitor_is_answered(worker: ModuleType) -> None:
    prefer(autoresponse=False)

    assert deliver(worker) == DONE

    assert recipients() == [OWNER]
    assert deliveries(worker).keys() == {"notification"}


def test_every_owner_is_told(worker: ModuleType) -> None:
    prefer(recipients=[OWNER, "desk@example.org"], autoresponse=False)

    deliver(worker)

    assert recipients() == [OWNER, "desk@example.org"]


def test_each_mail_is_recorded_with_the_submission(worker: ModuleType) -> None:
    deliver(worker)

    recorded = deliveries(worker)
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    assert {delivery["ses_message_id"] for delivery in recorded.values()} == {message.id for message in sent}
    assert {(delivery["status"], delivery["attempts"]) for delivery in recorded.values()} == {("sent", 1)}


def test_a_mail_of_which_ses_gave_no_answer_is_sent_again_as_a_second_attempt(worker: ModuleType, clock: Clock) -> None:
    prefer(autoresponse=False)
    with mails_unanswered(worker.ses):
        assert deliver(worker) == failures(0)
    clock.now += LEASE + 1

    assert deliver(worker) == DONE

    assert recipients() == [OWNER, OWNER]
    assert deliveries(worker)["notification"]["attempts"] == 2


def test_a_message_that_is_delivered_twice_is_mailed_once(worker: ModuleType) -> None:
    assert [deliver(worker), deliver(worker)] == [DONE, DONE]

    assert recipients() == [OWNER, VISITOR]


def test_spam_is_mailed_to_nobody(worker: ModuleType) -> None:
    assert deliver(worker, spam=True) == DONE

    assert recipients() == []
    recorded = deliveries(worker).values()
    assert {(delivery["status"], delivery["reason"]) for delivery in recorded} == {("skipped", "spam")}
    assert {entry["reason"] for entry in worker.ledger.entries(IDENTIFIER)} == {"spam"}


def test_a_mail_that_was_refused_is_tried_again_when_its_lease_has_ended(worker: ModuleType, clock: Clock) -> None:
    refuse_mails(worker.ses, OWNER, times=1)
    refused = deliver(worker)
    before = deliver(worker)
    clock.now += LEASE + 1

    after = deliver(worker)

    assert (refused, before, after) == (failures(0), failures(0), DONE)
    assert recipients() == [OWNER, VISITOR]
    assert deliveries(worker)["notification"]["attempts"] == 2


def test_a_mail_that_was_refused_stays_claimed(worker: ModuleType) -> None:
    refuse_mails(worker.ses, OWNER)

    deliver(worker)

    assert outcomes(worker) == {"notify_contact.notification": "claimed"}
    assert deliveries(worker) == {}


def test_a_refused_answer_does_not_tell_the_owner_twice(worker: ModuleType, clock: Clock) -> None:
    refuse_mails(worker.ses, VISITOR, times=1)
    refused = deliver(worker)
    clock.now += LEASE + 1

    after = deliver(worker)

    assert (refused, after) == (failures(0), DONE)
    assert recipients() == [OWNER, VISITOR]
    assert {channel: delivery["attempts"] for channel, delivery in deliveries(worker).items()} == {
        "notification": 1,
        "autoresponse": 2,
    }


def test_a_mail_whose_record_was_lost_is_sent_again_and_the_record_shows_it(worker: ModuleType, clock: Clock) -> None:
    # At least once: after a crash between sending and recording, nobody can know that the mail went out.
    cancel_transactions(worker.dynamodb, "TransactionConflict", times=5)
    lost = deliver(worker)
    clock.now += LEASE + 1

    after = deliver(worker)

    assert (lost, after) == (failures(0), DONE)
    assert recipients() == [OWNER, OWNER, VISITOR]
    assert deliveries(worker)["notification"]["attempts"] == 2


def test_a_sender_that_nobody_verified_loses_no_message(worker: ModuleType, clock: Clock) -> None:
    boto3.client("sesv2").delete_email_identity(EmailIdentity=SENDER)
    refused = deliver(worker)
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    clock.now += LEASE + 1

    assert (refused, deliver(worker)) == (failures(0), DONE)
    assert recipients() == [OWNER, VISITOR]


@pytest.mark.parametrize("value", ["", "{}", '{"sender": "nobody"}'])
def test_preferences_that_make_no_sense_claim_nothing(worker: ModuleType, value: str) -> None:
    boto3.client("ssm").put_parameter(
        Name="/sitewire/local/contact/mail", Type="String", Value=value or " ", Overwrite=True
    )

    assert deliver(worker) == failures(0)
    assert outcomes(worker) == {}


def test_preferences_are_read_again_after_a_while_only(worker: ModuleType) -> None:
    deliver(worker)
    prefer(autoresponse=False)

    deliver(worker, message_id="01990000-0000-7000-8000-000000000002")

    assert recipients() == [OWNER, VISITOR, OWNER, VISITOR]
