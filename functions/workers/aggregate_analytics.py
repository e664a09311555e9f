"""RecordAnalytics: count page views and events into the rollups, a whole batch at once.

It is written without Pydantic and boto3: a batch has up to ten thousand messages, and their processor time is what a
large site costs.
"""

import gc
import os
import time
from collections import Counter
from typing import Any

import msgspec

from functions.workers.settings import AggregateAnalyticsSettings
from shared.analytics import receipts
from shared.analytics.aggregation import Aggregation, Result
from shared.analytics.live import Live
from shared.analytics.messages import Message, MessageReader
from shared.analytics.sites import parse_sites
from shared.analytics.transaction import DUPLICATE
from shared.aws.client import JsonClient
from shared.observability.lines import Apart, RequestLog
from shared.table.revisions import RevisedItems

RESERVE_SECONDS = 20
"""What a transaction may take at worst, with its repetitions: nothing is begun when less is left."""


def _decode(answer: bytes) -> Any:  # noqa: ANN401  any JSON
    try:
        return msgspec.json.decode(answer)
    except msgspec.DecodeError as error:
        raise ValueError from error


settings = AggregateAnalyticsSettings.from_environment(os.environ)
dynamodb = JsonClient(
    service="dynamodb",
    target="DynamoDB_20120810",
    protocol="1.0",
    timeout=5.0,
    encode=msgspec.json.encode,
    decode=_decode,
)  # fmt: skip
items = RevisedItems(dynamodb, settings.table_name)
aggregation = Aggregation(items)
live = Live(items)
reader = MessageReader(parse_sites(settings.sites), settings.query_parameters)
log = RequestLog("aggregate_analytics")

# What has been imported lives as long as the process, and a batch makes some hundred thousand objects, without cycles:
# looking for some in between is a tenth of its processor time.
gc.freeze()
gc.set_threshold(1_000_000, 50, 50)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401  Lambda's context
    """Count a batch and return the records that must be delivered again."""
    messages: dict[str, Message] = {}
    delivered: dict[str, list[str]] = {}
    failed: list[str] = []
    for record in event["Records"]:
        try:
            message = reader.read(record["body"])
        except ValueError as error:
            failed.append(record["messageId"])
            log.write(
                "ERROR", "record is not a message of this consumer", error=type(error).__name__,
                sqs_message_id=record["messageId"], receive_count=record["attributes"]["ApproximateReceiveCount"],
            )  # fmt: skip
            continue
        messages.setdefault(message.id, message)
        delivered.setdefault(message.id, []).append(record["messageId"])
    result = aggregation.count(
        messages.values(), seconds_left=lambda: context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    )
    live.note((messages[identifier] for identifier in counted(result)), now=time.time())
    for identifier, failure in result.failures.items():
        failed += delivered[identifier]
        log.write(
            "ERROR", "message failed", message_id=identifier, correlation_id=messages[identifier].correlation_id,
            error=type(failure).__name__, error_code=str(getattr(failure, "code", "")),
        )  # fmt: skip
    repeated = sum(len(delivered[identifier]) - 1 for identifier in result.outcomes)
    _tell(result, messages, repeated=repeated, failed=len(failed), request_id=str(context.aws_request_id))
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}


def counted(result: Result) -> list[str]:
    """Return the ids of the messages that were counted."""
    return [identifier for identifier, outcome in result.outcomes.items() if outcome == receipts.COUNTED]


def _tell(result: Result, messages: dict[str, Message], *, repeated: int, failed: int, request_id: str) -> None:
    """Write one line for the batch, and one for each reason to drop messages.

    A line for each message would cost more than to count it.
    """
    outcomes = Counter(result.outcomes.values())
    dropped = {reason: number for reason, number in outcomes.items() if reason not in {receipts.COUNTED, DUPLICATE}}
    done = counted(result)
    metrics = {
        "Applied": (float(outcomes[receipts.COUNTED]), "Count"),
        "Duplicate": (float(outcomes[DUPLICATE] + repeated), "Count"),
        "Rejected": (float(sum(dropped.values())), "Count"),
        "Failed": (float(failed), "Count"),
        "LedgerHits": (float(outcomes[DUPLICATE]), "Count"),
        "PageViews": (float(result.pageviews), "Count"),
        "Events": (float(result.pageviews + result.events), "Count"),
        "BatchSize": (float(outcomes.total() + repeated + failed), "Count"),
    }
    if done:
        oldest = min(messages[identifier].accepted_at for identifier in done)
        metrics["AcceptedToApplied"] = (round(max(time.time() - oldest, 0), 3), "Seconds")
    for reason, number in dropped.items():
        log.write(
            "INFO", "messages dropped", apart=Apart("Rejected", "reason", float(number)), reason=reason,
            correlation_id=request_id,
        )  # fmt: skip
    log.write("INFO", "batch counted", metrics=metrics, correlation_id=request_id)
