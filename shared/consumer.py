"""What surrounds every worker: parse each record, apply it, report failures per record, log, count."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.envelope import Event
from shared.clients import LONGEST_CALL_SECONDS
from shared.delivery import EarlyError
from shared.observability.lines import RequestLog
from shared.observability.tally import Tally


class Outcome(StrEnum):
    """What a worker did with a message; each is a metric."""

    APPLIED = "Applied"
    DUPLICATE = "Duplicate"
    REJECTED = "Rejected"


EARLY_DELIVERIES = 3
"""Deliveries at which a message comes too early until it is given up: well before its queue would.

A delivery that was lost to a crash, throttling or an outage is none of them: the message that this one waits for had
no chance in it either.
"""


class Early[Message](NamedTuple):
    """What is done about messages that come too early.

    Parameters
    ----------
    times
        Remembers that a message, by its id in the queue, came too early at its n-th delivery, and returns at how many
        it has.
    reject
        Records that an event was given up, and why.
    """

    times: Callable[[str, int], int]
    reject: Callable[[Message, str], Outcome]


class OutOfTimeError(Exception):
    """Raised for the records that a batch leaves for the next delivery, because the function would be cut off."""


class _Delivered[Message: Event[Any]](BaseModel):
    """What an EventBridge rule puts into a queue."""

    model_config = ConfigDict(extra="ignore")

    detail: Message


class Consumer[Message: Event[Any]]:
    """Entry point of a worker; an instance is its Lambda handler.

    A record that fails stays in the queue and is delivered again; after its last attempt the queue moves it to the
    dead-letter queue. The other records of the batch are not affected.

    Parameters
    ----------
    service
        The function's short name.
    message
        Type of the events in its queue.
    apply
        Applies one event; raises for whatever must be delivered again.
    early
        How an event is given up that comes too early again and again; for consumers whose `apply` raises `EarlyError`.
    tally
        Where the worker counts what is told with each batch.
    """

    def __init__(
        self,
        service: str,
        message: Any,  # noqa: ANN401  a type of events, or a union of such types
        apply: Callable[[Message], Outcome],
        *,
        early: Early[Message] | None = None,
        tally: Tally | None = None,
    ) -> None:
        self._model: Any = _Delivered[message]
        self._apply = apply
        self._early = early
        self._logger = Logger(service=service, level="INFO", use_rfc3339=True, utc=True)
        self._log = RequestLog(service)
        self._tally = tally or Tally()
        self._context: Any = None
        self._processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401  Lambda's context
        """Process a batch and return the records that must be delivered again."""
        self._context = context
        self._tally.count("BatchSize", len(event["Records"]))
        try:
            answer = process_partial_response(
                event=event, record_handler=self._process, processor=self._processor, context=context
            )
        finally:
            self._log.write(
                "INFO", "batch processed", metrics=self._tally.take(), correlation_id=str(context.aws_request_id)
            )
        return dict(answer)

    def _process(self, record: SQSRecord) -> None:
        with self._logger.append_context_keys(
            sqs_message_id=record.message_id, receive_count=record.attributes.approximate_receive_count
        ):
            if self._context.get_remaining_time_in_millis() < LONGEST_CALL_SECONDS * 1000:
                self._fail("no time left in this invocation")
                raise OutOfTimeError
            try:
                message: Message = self._model.model_validate_json(record.body).detail
            except ValidationError as error:
                self._fail("record is not a message of this consumer", problems=self._describe(error))
                raise
            with self._logger.append_context_keys(correlation_id=message.correlation_id, message_id=message.id):
                self._apply_logged(message, record)

    def _apply_logged(self, message: Message, record: SQSRecord) -> None:
        try:
            outcome = self._apply_in_order(message, record)
        except EarlyError:
            self._tally.count("Early")
            self._logger.info("message waits for an earlier one")
            raise
        except Exception as error:
            # The exception's text may quote what a visitor wrote; its type and the ids lead to the rest.
            self._fail("message failed", error=type(error).__name__, error_code=_code(error))
            raise
        self._tally.count(outcome)
        latency = (datetime.now(UTC) - message.occurred_at).total_seconds()
        self._tally.measure("AcceptedToApplied", max(round(latency, 3), 0), "Seconds")
        self._logger.info("message processed", outcome=outcome.value)

    def _apply_in_order(self, message: Message, record: SQSRecord) -> Outcome:
        try:
            return self._apply(message)
        except EarlyError as error:
            delivery = int(record.attributes.approximate_receive_count or 1)
            if self._early is None or self._early.times(record.message_id, delivery) < EARLY_DELIVERIES:
                raise
            return self._early.reject(message, error.reason)

    def _describe(self, error: ValidationError) -> list[dict[str, Any]]:
        """Return what is wrong where; a name that this code does not declare is a visitor's, and is left out."""
        declared = set(_property_names(self._model.model_json_schema()))
        return [
            {"type": entry["type"], "field": [step if step in declared else "*" for step in entry["loc"]]}
            for entry in error.errors(include_url=False, include_context=False, include_input=False)
        ]

    def _fail(self, sentence: str, **fields: Any) -> None:  # noqa: ANN401  log fields
        self._tally.count("Failed")
        self._logger.error(sentence, **fields)


def _property_names(schema: object) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _property_names(item)
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from _property_names(list(schema.values()))


def _code(error: Exception) -> str:
    """Return the error code of a failed AWS call, such as `AccessDeniedException`; empty for other errors."""
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))
