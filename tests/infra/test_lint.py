import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from local.paths import ROOT
from tests.infra.template import Template

DEFECTS: dict[str, tuple[str, str, object]] = {
    "E3034": ("AWS::SQS::Queue", "VisibilityTimeout", 12 * 3600 + 1),  # over SQS's most
    "E2533": ("AWS::Lambda::Function", "Runtime", "python2.7"),  # no longer offered
    "E3002": ("AWS::DynamoDB::Table", "Throughput", 5),  # no such property
}
"""What is broken on purpose, by the rule that must find it: type, property and value."""

Findings = dict[str, list[tuple[str, str]]]


def broken(template: Template) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(template.text)
    for type_, name, value in DEFECTS.values():
        first = next(resource for resource in document["Resources"].values() if resource["Type"] == type_)
        first["Properties"][name] = value
    return document


@pytest.fixture(scope="module")
def findings(local: Template, production: Template, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """Return what cfn-lint finds with the repository's settings, rule and message, by the template's file name."""
    defective = tmp_path_factory.mktemp("broken") / "broken.template.json"
    defective.write_text(json.dumps(broken(local)))
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--format", "json", "--"]
    templates = [str(path) for path in (local.path, production.path, defective)]
    done = subprocess.run([*command, *templates], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    found: Findings = defaultdict(list)
    for finding in json.loads(done.stdout):
        found[Path(finding["Filename"]).name].append((finding["Rule"]["Id"], finding["Message"]))
    return found


def test_cfn_lint_finds_nothing_in_the_template(findings: Findings, template: Template) -> None:
    assert findings[template.path.name] == []


@pytest.mark.parametrize("rule", DEFECTS)
def test_cfn_lint_finds_what_is_broken_on_purpose(findings: Findings, rule: str) -> None:
    assert rule in {found for found, _ in findings["broken.template.json"]}
