"""The bus, for what the usual way publishes to it."""

import json
import os
import uuid
from typing import Any

import boto3
from aws_lambda_powertools.metrics import MetricUnit

from .parts import logger, metrics

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
