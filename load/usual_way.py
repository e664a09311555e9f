"""The same job as `functions.ingest.contact`, written the usual way: the baseline of `bench_ingest.py`.

boto3, Powertools' Logger, Tracer and Metrics, its REST resolver with request validation, and Pydantic.
"""

import json
import os
import uuid
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import BaseModel, ConfigDict, Field

from schemas.text import EmailAddress, LanguageTag, PhoneNumber, WebUrl, line, text


class ContactForm(BaseModel):
    """The fields of `schemas.requests.ContactRequest`, as a model."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, line(min_length=1, max_length=200)]
    email: EmailAddress
    message: Annotated[str, text(min_length=1, max_length=10_000)]
    subject: Annotated[str, line(max_length=200)] | None = None
    phone: PhoneNumber | None = None
    page_url: WebUrl | None = None
    locale: LanguageTag | None = None
    consent: bool | None = None
    fields: Annotated[dict[str, str], Field(max_length=20)] | None = None
    website: str | None = None
    elapsed_ms: int | None = None


logger = Logger(service="contact")
tracer = Tracer(service="contact")
metrics = Metrics(namespace="Baseline", service="contact")
app = APIGatewayRestResolver(enable_validation=True, cors=CORSConfig(allow_origin="https://example.org"))
events = boto3.client("events")


@app.post("/api/contact")
@tracer.capture_method
def submit(form: ContactForm) -> Response[dict[str, Any]]:
    """Publish the form and answer 202."""
    message_id = str(uuid.uuid4())
    detail = {"id": message_id, "name": "ContactSubmitted", "data": form.model_dump(exclude_none=True)}
    answer = events.put_events(
        Entries=[
            {
                "EventBusName": os.environ["EVENT_BUS_NAME"],
                "Source": "sitewire.contact",
                "DetailType": "ContactSubmitted",
                "Detail": json.dumps(detail),
            }
        ]
    )
    if answer["FailedEntryCount"]:
        message = "the bus refused the event"
        raise RuntimeError(message)
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=1)
    logger.info("request answered", extra={"message_id": message_id})
    return Response(202, "application/json", {"id": message_id}, headers={"Retry-After": "1"})


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401  Lambda's context
    """Lambda handler."""
    return app.resolve(event, context)
