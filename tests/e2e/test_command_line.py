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
