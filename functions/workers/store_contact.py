"""ContactSubmitted: write the submission into the table, once."""

import os
from functools import partial

from functions.workers.settings import StoreContactSettings
from schemas.events import ContactSubmitted
from shared.clients import client
from shared.clock import timestamp
from shared.consumer import Consumer, Outcome
from shared.ledger import Ledger
from shared.observability.tally import Tally
from shared.table.submissions import SubmissionTable

settings = StoreContactSettings.from_environment(os.environ)
dynamodb = client("dynamodb")
tally = Tally()
ledger = Ledger(dynamodb, settings.table_name, hit=partial(tally.count, "LedgerHits"))
submissions = SubmissionTable(dynamodb, settings.table_name)


def store(event: ContactSubmitted) -> Outcome:
    """Store a submission; the honeypot and the timing have served their purpose and are not kept."""
    kept = {name: value for name, value in event.data.submission.items() if name not in {"website", "elapsed_ms"}}
    write = submissions.put(
        submission_id=event.id,
        received_at=timestamp(event.occurred_at.timestamp()),
        submission=kept,
        spam_score=event.data.spam.score,
        spam_reasons=list(event.data.spam.reasons),
        is_spam=event.data.spam.is_spam,
    )
    return Outcome.APPLIED if ledger.apply(event.id, "store_contact", [write]) else Outcome.DUPLICATE


handler = Consumer("store_contact", ContactSubmitted, store, tally=tally)
