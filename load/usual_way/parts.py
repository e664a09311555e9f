"""What every function written the usual way begins with."""

import json
import os
import uuid
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(service="ingest")
tracer = Tracer(service="ingest")
metrics = Metrics(namespace="Baseline", service="ingest")
app = APIGatewayRestResolver(enable_validation=True, cors=CORSConfig(allow_origin="https://example.org"))
events = boto3.client("events")


def publish(source: str, name: str, data: dict[str, Any]) -> str:
    """Publish an event and return its id."""
    message_id = str(uuid.uuid4())
    detail = {"id": message_id, "name": name, "data": data}
    answer = events.put_events(
        Entries=[
            {
                "EventBusName": os.environ["EVENT_BUS_NAME"],
                "Source": source,
                "DetailType": name,
                "Detail": json.dumps(detail),
            }
        ]
    )
    if answer["FailedEntryCount"]:
        message = "the bus refused the event"
        raise RuntimeError(message)
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=1)
    logger.info("request answered", extra={"message_id": message_id})
    return message_id


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401  Lambda's context
    """Lambda handler."""
    return app.resolve(event, context)
