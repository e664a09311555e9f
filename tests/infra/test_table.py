from unittest.mock import Mock

from shared.table import keys
from shared.table.project_entries import sort_keys
from shared.table.submissions import SubmissionTable
from tests.infra.template import Resource, Template

STRING = "S"
DOCUMENT = {"id": "id", "created_at": "2026-01-01T00:00:00.000Z", "position": 0, "title": "Engine"}


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


def indexes_of(template: Template, attributes: set[str]) -> set[str]:
    """Return the indexes that hold an item with these key attributes."""
    return {
        index["IndexName"]
        for index in table(template)["GlobalSecondaryIndexes"]
        if set(key_of(index["KeySchema"])) <= attributes
    }


def test_there_is_one_table(template: Template) -> None:
    assert template.only("AWS::DynamoDB::Table") == table(template)


def test_its_key_is_the_one_that_every_record_has(template: Template) -> None:
    own = key_of(table(template)["KeySchema"])

    assert own == list(keys.submission("id"))
    assert own == list(keys.delivery("id", "channel"))
    assert own == list(keys.ledger_entry("id", "consumer"))
    assert own == list(keys.project("id"))
    assert own == list(keys.project_entry("id", keys.projects_facet()))


def test_its_indexes_order_the_same_partitions_by_position_date_and_title(template: Template) -> None:
    indexes = table(template)["GlobalSecondaryIndexes"]

    assert {index["IndexName"]: key_of(index["KeySchema"]) for index in indexes} == {
        "GSI1": ["GSI1PK", "GSI1SK"],
        "GSI2": ["GSI1PK", "GSI2SK"],
        "GSI3": ["GSI1PK", "GSI3SK"],
    }


def test_a_submission_is_in_the_one_index_that_it_is_listed_from(template: Template) -> None:
    attributes = {name for name in stored_attributes() if name.startswith("GSI")}

    assert indexes_of(template, attributes) == {keys.INDEX}
    assert attributes == {"GSI1PK", "GSI1SK"}


def test_a_project_is_in_the_index_of_every_order(template: Template) -> None:
    attributes = {"GSI1PK", *sort_keys(DOCUMENT)}

    assert indexes_of(template, attributes) == {keys.INDEX, keys.INDEX_BY_DATE, keys.INDEX_BY_TITLE}


def test_every_index_answers_with_whole_records(template: Template) -> None:
    for index in table(template)["GlobalSecondaryIndexes"]:
        assert index["Projection"] == {"ProjectionType": "ALL"}


def test_it_defines_its_keys_and_no_other_attribute(template: Template) -> None:
    properties = table(template).properties
    schemas = [properties["KeySchema"], *(index["KeySchema"] for index in properties["GlobalSecondaryIndexes"])]

    defined = {part["AttributeName"]: part["AttributeType"] for part in properties["AttributeDefinitions"]}

    assert defined == dict.fromkeys([name for schema in schemas for name in key_of(schema)], STRING)


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
