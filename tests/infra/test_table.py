from unittest.mock import Mock

from shared.table import keys
from shared.table.submissions import SubmissionTable
from tests.infra.template import Resource, Template

STRING = "S"


def table(template: Template) -> Resource:
    return template.named("AWS::DynamoDB::Table", template.names.table)


def key_of(schema: list[dict[str, str]]) -> list[str]:
    assert [part["KeyType"] for part in schema] == ["HASH", "RANGE"]
    return [part["AttributeName"] for part in schema]


def stored_attributes() -> set[str]:
    """Return the attributes of a submission as the repository writes it."""
    write = SubmissionTable(Mock(), "table").put(
        submission_id="id", received_at="2026-01-01T00:00:00Z", submission={}, spam_score=0, spam_reasons=[],
        is_spam=False,
    )  # fmt: skip
    return set(write["Put"]["Item"])


def test_there_is_one_table(template: Template) -> None:
    assert template.only("AWS::DynamoDB::Table") == table(template)


def test_its_key_is_the_one_that_every_record_has(template: Template) -> None:
    own = key_of(table(template)["KeySchema"])

    assert own == list(keys.submission("id"))
    assert own == list(keys.delivery("id", "channel"))
    assert own == list(keys.ledger_entry("id", "consumer"))


def test_its_one_index_has_the_keys_that_records_are_written_with(template: Template) -> None:
    (index,) = table(template)["GlobalSecondaryIndexes"]

    assert index["IndexName"] == keys.INDEX
    assert key_of(index["KeySchema"]) == [f"{keys.INDEX}PK", f"{keys.INDEX}SK"]
    assert set(key_of(index["KeySchema"])) == {name for name in stored_attributes() if name.startswith("GSI")}


def test_the_index_answers_with_whole_records(template: Template) -> None:
    (index,) = table(template)["GlobalSecondaryIndexes"]

    assert index["Projection"] == {"ProjectionType": "ALL"}


def test_it_defines_its_keys_and_no_other_attribute(template: Template) -> None:
    properties = table(template).properties
    own, (index,) = properties["KeySchema"], properties["GlobalSecondaryIndexes"]

    defined = {part["AttributeName"]: part["AttributeType"] for part in properties["AttributeDefinitions"]}

    assert defined == dict.fromkeys([*key_of(own), *key_of(index["KeySchema"])], STRING)


def test_it_is_paid_by_the_request(template: Template) -> None:
    assert table(template)["BillingMode"] == "PAY_PER_REQUEST"
    assert table(template).get("ProvisionedThroughput") is None


def test_it_can_be_restored_to_any_second(template: Template) -> None:
    assert table(template)["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_it_is_encrypted_with_a_key_of_the_account(template: Template) -> None:
    assert table(template)["SSESpecification"] == {"SSEEnabled": True}


def test_items_expire_by_the_attribute_that_the_ledger_writes(template: Template) -> None:
    assert table(template)["TimeToLiveSpecification"] == {"AttributeName": keys.TTL_ATTRIBUTE, "Enabled": True}


def test_a_stage_that_keeps_its_data_cannot_lose_the_table(production: Template) -> None:
    kept = table(production)

    assert production.stage.keep_data
    assert kept["DeletionProtectionEnabled"] is True
    assert (kept.definition["DeletionPolicy"], kept.definition["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_a_stage_that_does_not_leaves_nothing_behind(local: Template) -> None:
    dropped = table(local)

    assert not local.stage.keep_data
    assert dropped["DeletionProtectionEnabled"] is False
    assert (dropped.definition["DeletionPolicy"], dropped.definition["UpdateReplacePolicy"]) == ("Delete", "Delete")
