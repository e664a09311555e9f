from typing import TYPE_CHECKING, Any

import pytest

from shared.aws.errors import AwsRefusedError
from shared.table.revisions import ChangedError, RevisedItems, Stored, UnreadError, Write
from tests.functional.callers import BotoCaller
from tests.functional.conftest import TABLE
from tests.functional.faults import cancel_transactions, refuse_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

A, B = ("A", "1"), ("B", "1")


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def items(dynamodb: "DynamoDBClient", waits: list[float]) -> RevisedItems:
    return RevisedItems(BotoCaller(dynamodb), TABLE, sleep=waits.append)


def raw(dynamodb: "DynamoDBClient", key: tuple[str, str]) -> dict[str, Any]:
    return dict(dynamodb.get_item(TableName=TABLE, Key={"PK": {"S": key[0]}, "SK": {"S": key[1]}})["Item"])


def leave_out(client: "DynamoDBClient", *, times: int, keeping: int = 0) -> list[int]:
    """Let the next reads answer all but `keeping` keys only as unprocessed; return how many keys each one asked for."""
    sizes: list[int] = []

    def answer(parsed: dict[str, Any], **_: Any) -> None:
        if len(sizes) > times:
            return
        found = parsed["Responses"].get(TABLE, [])
        left_out = [{name: item[name] for name in ("PK", "SK")} for item in found[keeping:]]
        parsed["Responses"] = {TABLE: found[:keeping]}
        parsed["UnprocessedKeys"] = {TABLE: {"Keys": left_out, "ConsistentRead": True}} if left_out else {}

    def count(params: dict[str, Any], **_: Any) -> None:
        sizes.append(len(params["RequestItems"][TABLE]["Keys"]))

    client.meta.events.register("provide-client-params.dynamodb.BatchGetItem", count)
    client.meta.events.register("after-call.dynamodb.BatchGetItem", answer)
    return sizes


def test_what_is_written_is_read_with_its_revision(items: RevisedItems) -> None:
    items.write([Write(A, 0, {"text": "ü", "bytes": b"\x00\xff"}, None), Write(B, 0, {}, 5)])

    found = items.read([A, B])
    assert {key: stored.values for key, stored in found.items()} == {A: {"text": "ü", "bytes": b"\x00\xff"}, B: {}}
    assert all(stored.revision > 0 for stored in found.values())


def test_what_was_erased_and_made_anew_has_another_revision(items: RevisedItems, dynamodb: "DynamoDBClient") -> None:
    revisions = set()
    for _ in range(20):
        items.write([Write(A, 0, {}, None)])
        revisions.add(items.read([A])[A].revision)
        dynamodb.delete_item(TableName=TABLE, Key={"PK": {"S": A[0]}, "SK": {"S": A[1]}})

    assert len(revisions) == 20


def test_what_is_not_there_is_not_read(items: RevisedItems) -> None:
    items.write([Write(A, 0, {}, None)])

    assert items.read([A, B]).keys() == {A}


def test_to_read_nothing_needs_no_call(items: RevisedItems, dynamodb: "DynamoDBClient") -> None:
    refused = refuse_table(dynamodb, "BatchGetItem", "ValidationException")

    assert items.read([]) == {}
    assert refused == []


def test_a_write_sets_its_own_attributes_and_leaves_others(items: RevisedItems) -> None:
    items.write([Write(A, 0, {"one": "1", "two": "2"}, None)])
    revision = items.read([A])[A].revision

    items.write([Write(A, revision, {"two": "3", "three": "4"}, None)])

    assert items.read([A]) == {A: Stored(revision + 1, {"one": "1", "two": "3", "three": "4"})}


def test_an_item_expires_where_that_is_said(items: RevisedItems, dynamodb: "DynamoDBClient") -> None:
    items.write([Write(A, 0, {}, 2_000_000_000), Write(B, 0, {}, None)])

    assert raw(dynamodb, A)["expires_at"] == {"N": "2000000000"}
    assert "expires_at" not in raw(dynamodb, B)


@pytest.mark.parametrize("name", ["size", "name", "a.b", "#x", "-", "0", "ü"])
def test_an_attribute_may_have_any_name(items: RevisedItems, name: str) -> None:
    items.write([Write(A, 0, {name: "x"}, None)])

    assert items.read([A])[A].values == {name: "x"}


@pytest.mark.parametrize("revision", [0, 2])
def test_where_the_revision_is_another_nothing_is_written(items: RevisedItems, revision: int) -> None:
    items.write([Write(A, 0, {"text": "a"}, None)])

    with pytest.raises(ChangedError):
        items.write([Write(B, 0, {}, None), Write(A, revision, {"text": "b"}, None)])

    assert {key: stored.values for key, stored in items.read([A, B]).items()} == {A: {"text": "a"}}


def test_what_was_read_and_is_gone_is_not_written(items: RevisedItems) -> None:
    with pytest.raises(ChangedError):
        items.write([Write(A, 1, {}, None)])

    assert items.read([A]) == {}


@pytest.mark.parametrize(
    "code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "ConditionalCheckFailed"]
)
def test_who_was_in_the_way_is_reason_to_read_again(items: RevisedItems, dynamodb: "DynamoDBClient", code: str) -> None:
    cancelled = cancel_transactions(dynamodb, "None", code)

    with pytest.raises(ChangedError):
        items.write([Write(A, 0, {}, None), Write(B, 0, {}, None)])

    assert len(cancelled) == 1


@pytest.mark.parametrize(
    "codes", [("ValidationError", "None"), ("TransactionConflict", "ItemCollectionSizeLimitExceeded"), ()]
)
def test_what_can_never_be_written_is_refused(
    items: RevisedItems, dynamodb: "DynamoDBClient", codes: tuple[str, ...]
) -> None:
    cancel_transactions(dynamodb, *codes)

    with pytest.raises(AwsRefusedError) as refused:
        items.write([Write(A, 0, {}, None)])

    assert refused.value.code == "TransactionCanceledException"


def test_a_refusal_of_a_write_is_passed_on(items: RevisedItems, dynamodb: "DynamoDBClient") -> None:
    refuse_table(dynamodb, "TransactWriteItems", "ValidationException")

    with pytest.raises(AwsRefusedError) as refused:
        items.write([Write(A, 0, {}, None)])

    assert (refused.value.code, refused.value.status) == ("ValidationException", 400)


def test_more_items_than_one_call_returns_are_read(items: RevisedItems) -> None:
    keys = [("A", f"{number:03d}") for number in range(205)]
    for start in range(0, 205, 100):
        items.write([Write(key, 0, {"is": key[1]}, None) for key in keys[start : start + 100]])

    found = items.read(keys)

    assert {key: stored.values["is"] for key, stored in found.items()} == {key: key[1] for key in keys}


def test_keys_that_were_left_out_are_asked_for_again(
    items: RevisedItems, dynamodb: "DynamoDBClient", waits: list[float]
) -> None:
    keys = [("A", str(number)) for number in range(5)]
    items.write([Write(key, 0, {}, None) for key in keys])
    sizes = leave_out(dynamodb, times=2, keeping=2)

    assert items.read(keys).keys() == set(keys)
    assert sizes == [5, 3, 1]
    assert all(0 <= wait <= 0.05 * 2**attempt for attempt, wait in enumerate(waits, 1))
    assert len(waits) == 2


def test_what_is_left_out_for_ever_is_an_error(
    items: RevisedItems, dynamodb: "DynamoDBClient", waits: list[float]
) -> None:
    items.write([Write(A, 0, {}, None)])
    sizes = leave_out(dynamodb, times=1000)

    with pytest.raises(UnreadError):
        items.read([A])

    assert (sizes, len(waits)) == ([1] * 5, 4)
