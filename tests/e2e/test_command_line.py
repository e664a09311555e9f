"""The `sitewire` command on a running stage."""

import json
from pathlib import Path

import pytest

from cli.tracker import SCRIPT, script_tag
from infra.catalogue import FUNCTIONS, workers
from schemas.openapi import openapi_document
from tests.e2e.commands import Done, sitewire
from tests.e2e.conftest import Site
from tests.unit import events

EVENT = Path(__file__).parents[1] / "unit" / "events" / "api_post_contact.json"


def run(site: Site, *arguments: str, text: str | None = None) -> Done:
    """Run a command on the running stage."""
    return sitewire(site.folder.parent, *arguments, text=text)


def test_outputs_are_one_object_of_addresses_and_names(site: Site) -> None:
    done = run(site, "outputs", "--json")

    outputs = json.loads(done.out)
    assert (done.code, outputs) == (0, site.outputs)
    assert outputs == json.loads((site.folder.parent / "outputs.json").read_text())
    assert set(outputs["functions"]) == set(outputs["log_groups"]) == {function.name for function in FUNCTIONS}
    assert set(outputs["queues"]) == {worker.name for worker in workers()}
    assert set(outputs["dlqs"]) == {*outputs["queues"], "undelivered"}


def test_outputs_are_shown_to_people_as_lines(site: Site) -> None:
    done = run(site, "outputs")

    assert done.code == 0
    assert site.outputs["api_url"] in done.out


def test_the_tracker_is_written_with_a_tag_that_names_the_running_api(site: Site, tmp_path: Path) -> None:
    done = run(site, "tracker", "--out", str(tmp_path / "count.js"))

    script = (tmp_path / "count.js").read_bytes()
    assert (done.code, done.out.strip()) == (0, script_tag(script, "/count.js", site.outputs["api_url"]))
    assert script == SCRIPT.read_bytes()


def test_a_function_is_invoked_with_an_event_from_a_file(site: Site) -> None:
    done = run(site, "invoke", "ingest_contact", "--event", str(EVENT))

    assert (done.code, json.loads(done.out)["statusCode"]) == (0, 202)


def test_a_function_is_invoked_with_an_event_from_standard_input(site: Site) -> None:
    batch = json.dumps(events.sqs_event(["poison"]))

    done = run(site, "invoke", "store_contact", "--event", "-", text=batch)

    assert (done.code, json.loads(done.out)) == (0, {"batchItemFailures": [{"itemIdentifier": "message-0"}]})


def test_a_function_that_raises_ends_the_command_with_one(site: Site) -> None:
    done = run(site, "invoke", "ingest_contact", "--event", "-", text="{}")

    assert done.code == 1
    assert done.err.strip() == "sitewire: ingest_contact raised; 'sitewire logs ingest_contact' shows where"


def test_the_logs_of_three_functions_are_followed_by_one_correlation_id(site: Site) -> None:
    site.await_deliveries(site.submit(headers={"X-Correlation-Id": "follow-me-0001"}))

    done = run(site, "logs", "--json")

    lines = [json.loads(line) for line in done.out.splitlines() if "follow-me-0001" in line]
    assert done.code == 0
    assert [line["service"] for line in lines][:1] == ["ingest_contact"]
    assert {line["service"] for line in lines} == {"ingest_contact", "store_contact", "notify_contact"}


def test_the_logs_of_one_function_are_shown_to_people(site: Site) -> None:
    site.await_applied(site.submit(headers={"X-Correlation-Id": "follow-me-0002"}))

    done = run(site, "logs", "store_contact")

    (line,) = [line for line in done.out.splitlines() if "follow-me-0002" in line]
    assert "store_contact" in line
    assert "message processed" in line
    assert "ingest_contact" not in done.out


def test_the_api_is_described(site: Site) -> None:
    done = run(site, "openapi")

    assert (done.code, json.loads(done.out)) == (0, openapi_document())


def test_a_stage_is_seen_on_one_screen_with_figures_from_its_logs(site: Site) -> None:
    site.await_applied(site.submit())

    seen = json.loads(run(site, "status", "--json").out)
    screen = run(site, "status")

    functions = {function["name"]: function for function in seen["functions"]}
    assert {queue["name"] for queue in seen["queues"]} == {worker.name for worker in workers()}
    assert {queue["name"] for queue in seen["dlqs"]} == {*site.outputs["dlqs"]}
    assert functions["store_contact"]["p95_ms"] > 0
    assert functions["store_contact"]["concurrency"] >= 1
    assert functions["store_contact"]["throttles"] is None
    assert {"alarms", "functions.throttles"} == set(seen["unknown"])
    assert seen["deployment"]["status"].endswith("_COMPLETE")
    assert screen.code == bool(seen["problems"])
    assert "store_contact" in screen.out


def test_a_dead_letter_is_a_problem_that_status_tells_without_touching_it(site: Site) -> None:
    sqs, url = site.aws("sqs"), site.outputs["dlqs"]["undelivered"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")

    done = run(site, "status", "--json")

    (message,) = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    (queue,) = [queue for queue in json.loads(done.out)["dlqs"] if queue["name"] == "undelivered"]
    assert done.code == 1
    assert "undelivered holds 1 dead letters" in json.loads(done.out)["problems"]
    assert (queue["depth"], 0 <= queue["oldest_seconds"] < 60) == (1, True)
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


def test_the_running_stage_has_what_it_needs(site: Site) -> None:
    done = run(site, "doctor", "--json")

    checks = {check["name"]: check for check in json.loads(done.out)}
    assert done.code == 0
    assert {name for name, check in checks.items() if check["outcome"] == "ok"} == {
        "configuration", "python", "emulator", "running", "deployment"
    }  # fmt: skip
    assert all(check["found"] for check in checks.values())


def test_what_a_deployment_lacks_is_told_with_what_to_do(tmp_path: Path) -> None:
    nowhere = {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}

    done = sitewire(tmp_path, "doctor", "--stage", "production", **nowhere)

    assert done.code == 1
    assert "AWS_PROFILE" in done.out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["invoke", "store_contacts", "--event", str(EVENT)], "there is no function store_contacts"),
        (["invoke", "store_contact", "--event", "missing.json"], "missing.json can't be read"),
        (["logs", "nobody"], "there is no function nobody"),
        (["token", "--role", "owner"], "'owner'"),
        (["token", "--role", "editor", "--stage", "production"], "--role is for the stage local"),
        (["dev", "--port", "0"], "--port"),
        (["deploy", "local"], "use 'sitewire dev'"),
        (["deploy", "nowhere"], "no stage [stages.nowhere]"),
        (["sing"], "sing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_one_line_and_exit_code_two(site: Site, arguments: list[str], complaint: str) -> None:
    done = run(site, *arguments)

    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [["outputs"], ["logs"], ["token", "--role", "editor"], ["invoke", "store_contact", "--event", str(EVENT)]],
    ids=lambda arguments: arguments[0],
)
def test_without_a_running_stage_a_command_says_how_to_start_one(tmp_path: Path, arguments: list[str]) -> None:
    done = sitewire(tmp_path, *arguments)

    assert (done.code, done.out) == (1, "")
    assert done.err.strip() == "sitewire: nothing runs here: start it with 'make dev' or 'sitewire dev --detach'"


def test_a_deployment_without_credentials_says_what_is_missing(tmp_path: Path) -> None:
    nowhere = {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}

    done = sitewire(tmp_path, "deploy", "production", **nowhere)

    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("sitewire: there are no AWS credentials: set AWS_PROFILE")
    assert len(done.err.splitlines()) == 1
