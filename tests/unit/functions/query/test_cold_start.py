import subprocess
import sys

import pytest

from local.paths import ROOT

_PROGRAM = """
import os, sys
sys.path.insert(0, os.getcwd())
import functions.query.{module}
print(*sorted(sys.modules))
"""
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "ALLOWED_ORIGINS": "https://example.org",
    "SITES": '[{"name": "example.org", "origins": ["https://example.org"], "time_zone": "UTC"}]',
    "TABLE_NAME": "sitewire-local",
}


@pytest.mark.parametrize("module", ["analytics", "operations"])
def test_what_tells_of_visits_needs_nothing_that_is_not_in_its_layers(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(module=module)],
        cwd=ROOT,
        env=_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert {"crawleruseragents", "ua_parser", "jwt"}.isdisjoint(done.stdout.split())
