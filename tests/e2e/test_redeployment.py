"""Edited code goes live while the stage runs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.catalogue import FUNCTIONS
from local import packages
from local.errors import LocalError
from local.paths import ROOT
from local.session import LocalStage
from tests.e2e.conftest import FORM, Site


@pytest.fixture
def sources(stage: LocalStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a copy of the sources that is deployed instead, until the test ends."""
    for package in ("functions", "schemas", "shared"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(packages, "ROOT", tmp_path)
    yield tmp_path
    monkeypatch.undo()
    stage.redeploy()


def edit(path: Path, old: str, new: str) -> None:
    """Replace what stands once in a file."""
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_nothing_is_deployed_when_nothing_was_edited(stage: LocalStage, sources: Path) -> None:
    assert sources.exists()
    assert stage.redeploy() == []


def test_an_edited_function_is_live_and_no_other_is_touched(stage: LocalStage, site: Site, sources: Path) -> None:
    edit(sources / "functions/ingest/contact.py", '"Retry-After": "1"', '"Retry-After": "7"')

    deployed = stage.redeploy()

    answer = site.call("POST", "/api/contact", json=FORM)
    assert deployed == ["ingest_contact"]
    assert answer.headers["Retry-After"] == "7"


def test_edited_shared_code_is_live_in_every_function(stage: LocalStage, site: Site, sources: Path) -> None:
    edit(sources / "shared/http/cors.py", '"ETag,Location', '"X-Edited,ETag,Location')

    deployed = stage.redeploy()

    answer = site.call("POST", "/api/contact", json=FORM, headers={"Origin": "https://example.org"})
    assert deployed == [function.name for function in FUNCTIONS]
    assert "X-Edited" in answer.headers["Access-Control-Expose-Headers"]


def test_sources_that_are_not_python_leave_what_runs_alone(stage: LocalStage, site: Site, sources: Path) -> None:
    edit(sources / "functions/ingest/contact.py", "def submit(", "def def submit(")

    with pytest.raises(LocalError, match=r"^functions/ingest/contact\.py:\d+: invalid syntax$"):
        stage.redeploy()

    assert site.call("POST", "/api/contact", json=FORM).status_code == 202
