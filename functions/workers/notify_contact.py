"""ContactSubmitted: tell the site's owner by mail, and on request the sender."""

import os
from collections.abc import Callable
from functools import partial

from aws_lambda_powertools.utilities import parameters

from functions.workers.contact_mail import autoresponse, notification
from functions.workers.settings import NotifyContactSettings
from schemas.events import ContactSubmitted
from schemas.preferences import MailPreferences
from shared.clients import client, unrepeating_client
from shared.consumer import Consumer, Outcome
from shared.ledger import Claim, Ledger
from shared.mail import Mail, Mailer
from shared.observability.lines import Apart, RequestLog
from shared.observability.tally import Tally
from shared.table.submissions import SubmissionTable

_PREFERENCES_MAX_AGE_SECONDS = 60

settings = NotifyContactSettings.from_environment(os.environ)
dynamodb = client("dynamodb")
ses = unrepeating_client("sesv2")
parameter_store = parameters.SSMProvider(boto3_client=client("ssm"))
tally = Tally()
ledger = Ledger(dynamodb, settings.table_name, hit=partial(tally.count, "LedgerHits"))
submissions = SubmissionTable(dynamodb, settings.table_name)
log = RequestLog("notify_contact")


def notify(event: ContactSubmitted) -> Outcome:
    """Send the notification, and the autoresponse where the site wants one."""
    raw = parameter_store.get(settings.parameter_name, max_age=_PREFERENCES_MAX_AGE_SECONDS)
    preferences = MailPreferences.model_validate_json(str(raw))
    mailer = Mailer(ses, preferences.sender)
    done = deliver(event, "notification", mailer, lambda: notification(event, preferences))
    if preferences.autoresponse:
        done |= deliver(event, "autoresponse", mailer, lambda: autoresponse(event, preferences))
    return Outcome.APPLIED if done else Outcome.DUPLICATE


def deliver(event: ContactSubmitted, channel: str, mailer: Mailer, compose: Callable[[], Mail]) -> bool:
    """Send one mail, unless it was sent before or the submission is spam; False when there was nothing to do."""
    claim = ledger.claim(event.id, f"notify_contact.{channel}", lease_seconds=settings.lease_seconds)
    if claim is None:
        return False
    spam = event.data.spam.is_spam
    try:
        ses_message_id = None if spam else mailer.send(compose())
    except Exception as error:
        _tell("ERROR", "mail failed", "MailFailed", event, channel, claim, error=type(error).__name__)
        raise
    record = submissions.put_delivery(
        submission_id=event.id,
        channel=channel,
        status="skipped" if spam else "sent",
        attempts=claim.attempt,
        ses_message_id=ses_message_id,
        reason="spam" if spam else None,
    )
    ledger.complete(claim, [record], reason="spam" if spam else None)
    sentence, metric = ("mail skipped", "MailSkipped") if spam else ("mail sent", "MailSent")
    _tell("INFO", sentence, metric, event, channel, claim)
    return True


def _tell(
    level: str, sentence: str, metric: str, event: ContactSubmitted, channel: str, claim: Claim, **fields: str
) -> None:
    """Write what became of a mail, counted by channel."""
    log.write(
        level, sentence, metrics={metric: (1.0, "Count")}, apart=Apart(metric, "channel"), channel=channel,
        attempts=claim.attempt, message_id=event.id, correlation_id=event.correlation_id, **fields,
    )  # fmt: skip


handler = Consumer("notify_contact", ContactSubmitted, notify, tally=tally)
