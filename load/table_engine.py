"""A table of its own on the embedded AWS, and what is written to it."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from load.capacity import item_size, transacted_write_units
from local.emulator_process import Emulator
from shared.analytics.documents import Rollup
from shared.aws.client import JsonClient
from shared.table import keys
from shared.table.revisions import RevisedItems, Write, key_of

REGION = "eu-central-1"
TABLE = "bench"


class Engine:
    """The table, and how functions reach it.

    Parameters
    ----------
    emulator
        The embedded AWS that it is on.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.boto3 = emulator.client("dynamodb")
        self.environment = {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": emulator.endpoint_url,
            "TABLE_NAME": TABLE,
        }

    def client(self, url: str = "") -> JsonClient:
        """Return a lean client of it, or of one at another URL."""
        environment = self.environment | ({"AWS_ENDPOINT_URL": url} if url else {})
        return JsonClient(
            service="dynamodb", target="DynamoDB_20120810", protocol="1.0", environment=environment, timeout=30
        )

    def create(self) -> None:
        """Make the table anew."""
        if TABLE in self.boto3.list_tables()["TableNames"]:
            self.boto3.delete_table(TableName=TABLE)
        self.boto3.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")],
        )

    def put(self, key: Mapping[str, str], values: Mapping[str, bytes]) -> None:
        """Put an item with a revision."""
        item = {name: {"S": text} for name, text in key.items()} | {name: {"B": data} for name, data in values.items()}
        self.boto3.put_item(TableName=TABLE, Item={**item, "rev": {"N": "1"}})


def put_visitors_before(client: JsonClient, site: str, day: str, visitors: int) -> None:
    """Let the day before have had so many visitors, which divides the next one."""
    rollup = Rollup(0, None)
    rollup.add({"total": {"": [visitors * 3, visitors, 0, 0, 0, visitors, visitors, 0]}}, of_day=True)
    key = key_of(keys.day_rollup(site, "totals", day, 0))
    RevisedItems(client, TABLE).write([Write(key, 0, {"doc": rollup.to_bytes()}, None)])


class Meter:
    """A client that counts the units of what is written through it, by the kind of item.

    Parameters
    ----------
    client
        The client.
    """

    def __init__(self, client: JsonClient) -> None:
        self._client = client
        self._sizes: dict[tuple[str, str], int] = {}
        self.units: dict[str, int] = {}
        self.transactions = 0

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation."""
        answer = self._client.call(operation, request)
        if operation == "TransactWriteItems":
            self.transactions += 1
            self._count([write["Update"]["Key"] for write in request["TransactItems"]])
        return answer

    def reset(self) -> None:
        """Begin to count anew."""
        self.units, self.transactions = {}, 0

    def _count(self, written: list[dict[str, Any]]) -> None:
        found = self._client.call("BatchGetItem", {"RequestItems": {TABLE: {"Keys": written, "ConsistentRead": True}}})
        for item in found["Responses"][TABLE]:
            place, size = (item["PK"]["S"], item["SK"]["S"]), item_size(item)
            kind = place[0].partition("#")[0].lower()
            units = transacted_write_units(self._sizes.get(place, 0), size)
            self.units[kind] = self.units.get(kind, 0) + units
            self._sizes[place] = size


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """Run the embedded AWS for as long as the context lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    emulator = Emulator(port=port, region=REGION, folder=folder)
    emulator.start()
    try:
        yield Engine(emulator)
    finally:
        emulator.stop(keep=False)
