"""Every link between the documents leads somewhere."""

import re
from pathlib import Path

import pytest

from local.paths import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
CODE = sorted(
    path
    for room in ("cli", "functions", "infra", "local", "schemas", "shared")
    for path in ROOT.glob(f"{room}/**/*.py")
)

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MENTION = re.compile(r"\bdocs/[a-z-]+\.(?:md|json)\b")


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives a document's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    for link in LINK.findall(document.read_text()):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("path", [*CODE, ROOT / "sitewire.example.toml"], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_document_that_the_code_names_exists(path: Path) -> None:
    missing = [name for name in MENTION.findall(path.read_text()) if not (ROOT / name).exists()]

    assert missing == []


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = re.findall(
        r"`((?:e2e|functional|infra|unit)/[\w/]+)(?:\.py|/)?`", (ROOT / "docs" / "security.md").read_text()
    )

    assert named
    assert [name for name in named if not list((ROOT / "tests").glob(f"{name.rstrip('/')}*"))] == []
