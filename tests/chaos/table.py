"""What the table holds when a run is over, read once."""

from collections.abc import Iterator
from typing import Any

from shared.analytics.documents import read_document
from shared.analytics.receipts import Receipt, read_page
from shared.table import keys
from shared.table.items import from_item
from tests.e2e.conftest import Site
from tests.unit.shared.analytics.parts import summed
from tests.unit.shared.analytics.reference import Rollups

Item = dict[str, Any]


class Snapshot:
    """The items of the table.

    Parameters
    ----------
    site
        The running stage.
    """

    def __init__(self, site: Site) -> None:
        self._items = {(item["PK"], item["SK"]): item for item in map(from_item, _scan(site))}
        self._receipts = {
            (partition, name): receipt
            for (partition, _), item in self._items.items()
            if "entries" in item
            for name, receipt in read_page(item["entries"]).items()
        }

    def ledger(self, message_id: str, consumer: str) -> Item | None:
        """Return what a consumer did with a message."""
        return self._items.get(_place(keys.ledger_entry(message_id, consumer)))

    def item(self, key: dict[str, str]) -> Item | None:
        """Return the item with a key."""
        return self._items.get(_place(key))

    def receipt(self, message_id: str) -> Receipt | None:
        """Return what became of a message of page views and events."""
        return self._receipts.get(keys.receipt(message_id))

    def rollups(self, site: str, day: str) -> Rollups:
        """Return what was counted of a site's day."""
        found = [
            (sort, read_document(bytes(item["doc"])))
            for (partition, sort), item in self._items.items()
            if partition.startswith(f"ROLLUP#{site}#") and (sort == day or f"#{day}#" in partition)
        ]
        return summed(found, day)

    def days(self) -> set[str]:
        """Return the days of which something was counted."""
        return {sort for partition, sort in self._items if partition.startswith("ROLLUP#") and "-" in sort}


def clear(site: Site) -> None:
    """Remove every item."""
    client, table = site.aws("dynamodb"), site.outputs["table"]
    for item in _scan(site):
        client.delete_item(TableName=table, Key={"PK": item["PK"], "SK": item["SK"]})


def _scan(site: Site) -> Iterator[Any]:
    pages = site.aws("dynamodb").get_paginator("scan").paginate(TableName=site.outputs["table"])
    return (item for page in pages for item in page["Items"])


def _place(key: dict[str, str]) -> tuple[str, str]:
    return key["PK"], key["SK"]
