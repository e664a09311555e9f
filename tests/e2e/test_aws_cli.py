"""What an operator sees with the AWS CLI."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.catalogue import FUNCTIONS
from tests.e2e.commands import aws
from tests.e2e.conftest import Site
from tests.unit import events


def answer(site: Site, *arguments: str) -> Any:
    """Return what a command answered."""
    done = aws(site.outputs, *arguments)
    assert done.code == 0, done.err
    return json.loads(done.out)


def invoke(site: Site, function: str, event: dict[str, Any], folder: Path) -> Any:
    """Invoke a function's live version and return its payload."""
    (folder / "event.json").write_text(json.dumps(event))
    told = answer(
        site, "lambda", "invoke", "--function-name", site.outputs["functions"][function], "--qualifier", "live",
        "--payload", f"file://{folder / 'event.json'}", str(folder / "payload.json"),
    )  # fmt: skip
    assert "FunctionError" not in told
    return json.loads((folder / "payload.json").read_text())


def test_a_form_that_is_given_to_the_function_is_stored(site: Site, tmp_path: Path) -> None:
    response = invoke(site, "ingest_contact", events.read("api_post_contact"), tmp_path)

    accepted = json.loads(response["body"])["id"]
    site.await_applied(accepted)
    assert response["statusCode"] == 202


def test_a_worker_reports_the_record_that_is_no_message(site: Site, tmp_path: Path) -> None:
    good = events.contact_submitted(message_id="01890a5d-ac96-774b-bcce-b302099a8f01")
    batch = events.sqs_event([events.delivered(good), "poison"])

    payload = invoke(site, "store_contact", batch, tmp_path)

    site.await_applied(good["id"])
    assert payload == {"batchItemFailures": [{"itemIdentifier": batch["Records"][1]["messageId"]}]}


def test_a_submission_lies_in_the_table_under_its_id(site: Site) -> None:
    accepted = site.submit(subject="Seen with the AWS CLI")
    site.await_applied(accepted)

    found = answer(
        site, "dynamodb", "query", "--table-name", site.outputs["table"],
        "--key-condition-expression", "PK = :partition",
        "--expression-attribute-values", json.dumps({":partition": {"S": f"CONTACT#{accepted}"}}),
    )  # fmt: skip

    submissions = [item for item in found["Items"] if "submission" in item]
    assert [item["submission"]["M"]["subject"]["S"] for item in submissions] == ["Seen with the AWS CLI"]


def test_the_ledger_tells_what_each_consumer_did(site: Site) -> None:
    accepted = site.submit()
    site.await_deliveries(accepted)

    found = answer(
        site, "dynamodb", "query", "--table-name", site.outputs["table"], "--consistent-read",
        "--key-condition-expression", "PK = :partition",
        "--expression-attribute-values", json.dumps({":partition": {"S": f"LEDGER#{accepted}"}}),
    )  # fmt: skip

    outcomes = {item["SK"]["S"]: item["outcome"]["S"] for item in found["Items"]}
    assert outcomes == {
        "notify_contact.autoresponse": "applied",
        "notify_contact.notification": "applied",
        "store_contact": "applied",
    }


@pytest.mark.parametrize("worker", [function.name for function in FUNCTIONS if function.room == "workers"])
def test_a_queue_leads_to_its_dead_letter_queue(site: Site, worker: str) -> None:
    attributes = answer(
        site, "sqs", "get-queue-attributes", "--attribute-names", "All", "--queue-url", site.outputs["queues"][worker]
    )["Attributes"]
    dead_letters = answer(
        site,
        "sqs",
        "get-queue-attributes",
        "--attribute-names",
        "QueueArn",
        "--queue-url",
        site.outputs["dlqs"][worker],
    )["Attributes"]

    redrive = json.loads(attributes["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"] == dead_letters["QueueArn"]
    assert int(redrive["maxReceiveCount"]) >= 5


def test_a_message_that_is_put_into_the_queue_is_processed(site: Site) -> None:
    detail = events.contact_submitted(message_id="01890a5d-ac96-774b-bcce-b302099a8f02")

    sent = answer(
        site, "sqs", "send-message", "--queue-url", site.outputs["queues"]["store_contact"],
        "--message-body", events.delivered(detail),
    )  # fmt: skip

    assert sent["MessageId"]
    assert site.await_applied(detail["id"])["status"] == "applied"
