from pathlib import Path
from typing import Any

import pytest
import typer

from cli.docs import __main__ as command
from cli.docs.cloud import Cloud
from cli.docs.documents import DOCUMENTS, stale_documents, write_documents
from cli.docs.synthesis import synthesized_template
from infra.catalogue import FUNCTIONS
from local.paths import ROOT


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return synthesized_template()


@pytest.fixture(scope="module")
def cloud(template: dict[str, Any]) -> Cloud:
    return Cloud(template)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_committed_document_is_what_the_code_says(path: str, cloud: Cloud) -> None:
    committed = (ROOT / path).read_text()

    assert committed == DOCUMENTS[path](cloud), f"{path} is stale: run 'make generate' and commit what it writes"


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_tells_nothing_of_the_machine_that_wrote_it(path: str, cloud: Cloud) -> None:
    document = DOCUMENTS[path](cloud)

    assert str(ROOT) not in document
    assert "STAGE" not in document


def test_every_function_has_its_permissions_written_down(cloud: Cloud) -> None:
    document = DOCUMENTS["docs/iam.md"](cloud)

    assert [entry.name for entry in FUNCTIONS if f"### {entry.name}\n" not in document] == []


def test_a_worker_is_described_by_its_rule_and_its_queue(cloud: Cloud) -> None:
    subscription = cloud.subscriptions()["store_contact"]

    assert subscription.events == ("ContactSubmitted",)
    assert subscription.queue == "sitewire-<stage>-store-contact"
    assert subscription.dead_letter_queue == "sitewire-<stage>-store-contact-dlq"


def test_writing_makes_every_document_current(tmp_path: Path, cloud: Cloud) -> None:
    assert write_documents(tmp_path, cloud) == list(DOCUMENTS)

    assert stale_documents(tmp_path, cloud) == []
    assert write_documents(tmp_path, cloud) == []


def test_a_document_that_was_edited_by_hand_is_stale(tmp_path: Path, cloud: Cloud) -> None:
    write_documents(tmp_path, cloud)
    edited = tmp_path / "docs" / "events.md"
    edited.write_text(edited.read_text() + "by hand\n")

    assert stale_documents(tmp_path, cloud) == ["docs/events.md"]


def test_check_names_the_stale_documents_and_what_mends_them(
    tmp_path: Path, template: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "synthesized_template", lambda: template)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    write_documents(tmp_path, Cloud(template))
    (tmp_path / "docs" / "cli.md").unlink()

    with pytest.raises(typer.Exit) as caught:
        command.main(check=True)

    assert caught.value.exit_code == 1
    assert "docs/cli.md" in (said := capsys.readouterr().err)
    assert "make generate" in said
    assert not (tmp_path / "docs" / "cli.md").exists()


def test_check_is_silent_when_every_document_is_current(
    tmp_path: Path, template: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "synthesized_template", lambda: template)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    write_documents(tmp_path, Cloud(template))

    command.main(check=True)

    assert capsys.readouterr().err == ""
