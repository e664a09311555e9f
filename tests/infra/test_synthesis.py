import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from local.paths import ROOT, clean_environment
from tests.infra.assemblies import PRODUCTION, context
from tests.infra.offline import RECORD
from tests.infra.template import Template

WATCHED = "node: watched"


class Run(NamedTuple):
    """A synthesis by another process: the template's bytes, and what it tried of the network."""

    template: bytes
    tried: list[str]


@pytest.fixture(scope="module")
def offline(assets: Path, production: Template, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Synthesize the production stage again: in another process and folder, without a network."""
    folder = tmp_path_factory.mktemp("elsewhere")
    packages, record = folder / "packages", folder / "network.txt"
    shutil.copytree(assets, packages)
    environment = {
        **clean_environment(),
        "CDK_CONTEXT_JSON": json.dumps({**context(), "stage": PRODUCTION, "assets": str(packages)}),
        "CDK_OUTDIR": str(folder / "assembly"),
        "NODE_OPTIONS": f"--require {Path(__file__).parent / 'no_network.cjs'}",
        RECORD: str(record),
    }
    command = [sys.executable, "-m", "tests.infra.offline"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Run((folder / "assembly" / production.path.name).read_bytes(), record.read_text().splitlines())


def test_synthesis_makes_no_network_call(offline: Run) -> None:
    assert set(offline.tried) == {WATCHED}


def test_the_same_sources_give_the_same_template(offline: Run, production: Template) -> None:
    assert offline.template == production.path.read_bytes()


def test_the_template_knows_nothing_of_the_machine_that_made_it(template: Template) -> None:
    for folder in (ROOT, Path(sys.prefix), template.assembly):
        assert str(folder) not in template.text
    assert not re.search(r"(?<![\w/])/(home|root|tmp|var/folders|Users)/", template.text)


def test_the_template_names_no_account_and_no_region(template: Template) -> None:
    assert not re.search(r"\b[0-9]{12}\b", template.text)
    assert template.stage.region not in template.text


def test_the_template_holds_no_network_context(template: Template) -> None:
    manifest = json.loads((template.assembly / "manifest.json").read_text())

    assert "missing" not in manifest  # what the CDK would look up in the account


def test_everything_is_tagged_with_its_stage(template: Template) -> None:
    expected = {"project": "sitewire", "stage": template.stage.name}
    tagged = [resource.get("Tags") for resource in template.all_resources() if resource.get("Tags")]

    assert tagged
    for tags in tagged:
        assert (tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}) == expected
