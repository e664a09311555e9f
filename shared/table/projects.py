"""Projects in the table: the record, its versions, its slugs, its entries in the index, and what is due."""

import json
from typing import TYPE_CHECKING, Any

from shared.projects.project import KEPT_VERSIONS, Project, Purged, Slug
from shared.table import keys
from shared.table.items import from_item, to_item
from shared.table.project_entries import entries

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_TOMBSTONE_SECONDS = 60 * 24 * 3600  # as the ledger's entries: no command can live longer


class ProjectTable:
    """Repository of projects.

    Parameters
    ----------
    client
        DynamoDB client.
    table_name
        The table.
    """

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client = client
        self._table = table_name

    def get(self, project_id: str) -> Project | Purged | None:
        """Return a project as it is at this moment; None where there never was one."""
        item = self._item(keys.project(project_id))
        if item is None:
            return None
        if "document" not in item:
            return Purged(project_id)
        return Project(
            document=json.loads(item["document"]),
            revision=item["revision"],
            placed=item["placed"],
            former=tuple((locale, slug) for locale, slug in item["former"]),
        )

    def version(self, project_id: str, version: int) -> dict[str, Any] | None:
        """Return a project's document as it was at a version, without its position; None where it is not kept."""
        item = self._item(keys.project_version(project_id, version))
        document: dict[str, Any] | None = json.loads(item["document"]) if item else None
        return document

    def owner(self, slug: Slug) -> str | None:
        """Return the id of the project that has or had a slug."""
        item = self._item(keys.slug(*slug))
        return str(item["project_id"]) if item else None

    def remember_locale(self, locale: str) -> None:
        """Add a locale to those that lists over all of them are read from."""
        self._client.update_item(
            TableName=self._table,
            Key=to_item(keys.project_locales()),
            UpdateExpression="ADD locales :locale",
            ExpressionAttributeValues={":locale": {"SS": [locale]}},
        )

    def writes(
        self, before: Project | None, after: Project | Purged, *, now: float
    ) -> "list[TransactWriteItemTypeDef]":
        """Return the writes that turn a project into another; they belong in one transaction, and fit into it.

        `now` is in seconds since the epoch. The transaction fails when the project is no longer `before`, or somebody
        else has its slug.
        """
        if isinstance(after, Purged):
            assert before is not None  # noqa: S101  only what there was is purged
            return self._purge(before, now)
        return [
            self._record(before, after),
            *self._slugs(before, after),
            *self._history(before, after),
            *self._due(before, after),
            *self._entries(before, after),
        ]

    def _record(self, before: Project | None, after: Project) -> "TransactWriteItemTypeDef":
        values = {
            **keys.project(after.id),
            "document": _text(after.document),
            "revision": after.revision,
            "placed": after.placed,
            "former": [list(slug) for slug in after.former],
        }
        return self._put(values, **_unchanged(before))

    def _slugs(self, before: Project | None, after: Project) -> "list[TransactWriteItemTypeDef]":
        if before and before.slug == after.slug and before.former == after.former:
            return []
        kept = {after.slug, *after.former}
        released = [slug for slug in (before.former if before else ()) if slug not in kept]
        reservation = {**keys.slug(*after.slug), "project_id": after.id}
        free = "attribute_not_exists(PK) OR project_id = :project"
        put = self._put(reservation, ConditionExpression=free, ExpressionAttributeValues={":project": {"S": after.id}})
        return [put, *(self._delete(keys.slug(*slug)) for slug in released)]

    def _history(self, before: Project | None, after: Project) -> "list[TransactWriteItemTypeDef]":
        if before and before.version == after.version:
            return []
        # The position is the order's, not the content's: it changes without a version, and is not reverted.
        document = {name: value for name, value in after.document.items() if name != "position"}
        writes = [self._put({**keys.project_version(after.id, after.version), "document": _text(document)})]
        if after.version > KEPT_VERSIONS:
            writes.append(self._delete(keys.project_version(after.id, after.version - KEPT_VERSIONS)))
        return writes

    def _due(self, before: Project | None, after: Project) -> "list[TransactWriteItemTypeDef]":
        if (before.due_at if before else None) == after.due_at:
            return []
        key = keys.project_due(after.id)
        if after.due_at is None:
            return [self._delete(key)]
        position = {"GSI1PK": keys.PROJECTS_DUE, "GSI1SK": f"{after.due_at}#{after.id}"}
        return [self._put({**key, **position, "project_id": after.id, "due_at": after.due_at, "since": after.version})]

    def _entries(self, before: Project | None, after: Project) -> "list[TransactWriteItemTypeDef]":
        new = entries(after)
        gone = entries(before).keys() - new.keys() if before else set()
        return [
            *(self._put(entry) for entry in new.values()),
            *(self._delete(keys.project_entry(after.id, facet)) for facet in sorted(gone)),
        ]

    def _purge(self, before: Project, now: float) -> "list[TransactWriteItemTypeDef]":
        tombstone = {**keys.project(before.id), keys.TTL_ATTRIBUTE: int(now) + _TOMBSTONE_SECONDS}
        oldest = max(1, before.version - KEPT_VERSIONS + 1)
        gone = [
            *(keys.project_version(before.id, version) for version in range(oldest, before.version + 1)),
            *(keys.slug(*slug) for slug in {before.slug, *before.former}),
            *(keys.project_entry(before.id, facet) for facet in entries(before)),
            keys.project_due(before.id),
        ]
        return [self._put(tombstone, **_unchanged(before)), *map(self._delete, gone)]

    def _put(self, values: dict[str, Any], **condition: Any) -> "TransactWriteItemTypeDef":  # noqa: ANN401  boto3's
        return {"Put": {"TableName": self._table, "Item": to_item(values), **condition}}  # type: ignore[typeddict-item]

    def _delete(self, key: dict[str, str]) -> "TransactWriteItemTypeDef":
        return {"Delete": {"TableName": self._table, "Key": to_item(key)}}

    def _item(self, key: dict[str, str]) -> dict[str, Any] | None:
        answer = self._client.get_item(TableName=self._table, Key=to_item(key), ConsistentRead=True)
        return from_item(answer["Item"]) if "Item" in answer else None


def _unchanged(before: Project | None) -> dict[str, Any]:
    """Return the condition that nobody has written the project since it was read."""
    if before is None:
        return {"ConditionExpression": "attribute_not_exists(PK)"}
    return {
        "ConditionExpression": "revision = :revision",
        "ExpressionAttributeValues": {":revision": {"N": str(before.revision)}},
    }


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
