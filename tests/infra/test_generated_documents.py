from pathlib import Path
from typing import Any

import pytest
import typer

from cli.docs import __main__ as command
from cli.docs import documents
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


@pytest.fixture(scope="module")
def made(cloud: Cloud) -> dict[str, str]:
    return {path: make(cloud) for path, make in DOCUMENTS.items()}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_committed_document_is_what_the_code_says(path: str, made: dict[str, str]) -> None:
    committed = (ROOT / path).read_text()

    assert committed == made[path], f"{path} is stale: run 'make generate' and commit what it writes"


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_tells_nothing_of_the_machine_that_wrote_it(path: str, made: dict[str, str]) -> None:
    assert str(ROOT) not in made[path]
    assert "STAGE" not in made[path]


def test_every_function_has_its_permissions_written_down(cloud: Cloud) -> None:
    document = DOCUMENTS["docs/iam.md"](cloud)

    assert [entry.name for entry in FUNCTIONS if f"### {entry.name}\n" not in document] == []


def test_a_worker_is_described_by_its_rule_and_its_queue(cloud: Cloud) -> None:
    subscription = cloud.subscriptions()["store_contact"]

    assert subscription.events == ("ContactSubmitted",)
    assert subscription.queue == "sitewire-<stage>-store-contact"
    assert subscription.dead_letter_queue == "sitewire-<stage>-store-contact-dlq"


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch, template: dict[str, Any], tmp_path: Path) -> Path:
    """Let there be two documents, which are made at once, and give the folder that they are to be in."""
    made = {"docs/cli.md": lambda _: "commands\n", "docs/events.md": lambda _: "events\n"}
    monkeypatch.setattr(documents, "DOCUMENTS", made)
    monkeypatch.setattr(command, "synthesized_template", lambda: template)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    return tmp_path


def test_writing_makes_every_document_current(two: Path, cloud: Cloud) -> None:
    assert write_documents(two, cloud) == ["docs/cli.md", "docs/events.md"]

    assert stale_documents(two, cloud) == []
    assert write_documents(two, cloud) == []


def test_a_document_that_was_edited_by_hand_is_stale(two: Path, cloud: Cloud) -> None:
    write_documents(two, cloud)
    (two / "docs" / "events.md").write_text("events\nby hand\n")

    assert stale_documents(two, cloud) == ["docs/events.md"]


def test_check_names_the_stale_documents_and_what_mends_them(
    two: Path, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    write_documents(two, cloud)
    (two / "docs" / "cli.md").unlink()

    with pytest.raises(typer.Exit) as caught:
        command.main(check=True)

    assert caught.value.exit_code == 1
    assert "docs/cli.md" in (said := capsys.readouterr().err)
    assert "make generate" in said
    assert not (two / "docs" / "cli.md").exists()


def test_check_is_silent_when_every_document_is_current(
    two: Path, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    write_documents(two, cloud)

    command.main(check=True)

    assert capsys.readouterr().err == ""
