"""The table of the template, in moto."""

import threading
from typing import TYPE_CHECKING, Any

from shared.table import keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# Reentrant, because a test can let something happen in the middle of a call.
_alone = threading.RLock()


def create_table(client: "DynamoDBClient", name: str) -> None:
    """Create the table with every index and its time to live."""
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"}
            for attribute in ("PK", "SK", "GSI1PK", *keys.INDEXES.values())
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": [
                    {"AttributeName": "GSI1PK", "KeyType": "HASH"},
                    {"AttributeName": sort_key, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, sort_key in keys.INDEXES.items()
        ],
    )
    client.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": keys.TTL_ATTRIBUTE}
    )


def one_at_a_time(client: Any) -> "DynamoDBClient":
    """Return the client, whose calls wait for each other from now on, and for those of other such clients.

    A conditional write is atomic on DynamoDB; moto looks and writes in two steps.
    """
    call = client._make_api_call

    def call_alone(*arguments: Any) -> Any:
        with _alone:
            return call(*arguments)

    client._make_api_call = call_alone
    serialized: DynamoDBClient = client
    return serialized
