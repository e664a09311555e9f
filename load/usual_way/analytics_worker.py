"""The job of `functions.workers.aggregate_analytics`, in part: it counts page views alone, one UpdateItem an event."""

import json
import os
from typing import Any

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

dynamodb = boto3.client("dynamodb")
processor = BatchProcessor(EventType.SQS)


def count(record: SQSRecord) -> None:
    """Count each event of a message."""
    data = json.loads(record.body)["data"]
    for _, page, *_ in data["events"]:
        dynamodb.update_item(
            TableName=os.environ["TABLE_NAME"],
            Key={"PK": {"S": f"COUNT#{data['site']}#{data['day']}"}, "SK": {"S": page}},
            UpdateExpression="ADD pageviews :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )


def handler(event: dict[str, Any], context: Any) -> Any:  # noqa: ANN401  Lambda's context, and Powertools' answer
    """Lambda handler."""
    return process_partial_response(event=event, record_handler=count, processor=processor, context=context)
