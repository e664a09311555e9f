import subprocess
import sys

import pytest

from local.paths import ROOT

_PROGRAM = """
import os, sys
sys.path.insert(0, os.getcwd())
import functions.ingest.{module}
print(*sorted(sys.modules))
"""
_ENVIRONMENT = {
    "ALLOWED_ORIGINS": "https://example.org",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_REGION": "eu-central-1",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "DEFAULT_LOCALE": "de",
    "EVENT_BUS_NAME": "sitewire-local",
    "ADDRESS_HEADER": "",
    "EXCLUDED_ADDRESSES": "",
    "COUNTRY_HEADER": "CloudFront-Viewer-Country",
    "QUERY_PARAMETERS": "",
    "QUEUE_URL": "https://sqs.example/queue",
    "SALTS": "/sitewire/local/analytics/salt/",
    "SITES": '[{"name": "example.org", "origins": ["https://example.org"], "time_zone": "UTC"}]',
    "TABLE_NAME": "sitewire-local",
}
# Each costs a cold start more than what it would be used for, or brings one that does.
_HEAVY = {
    "_strptime",
    "aws_lambda_powertools",
    "boto3",
    "botocore",
    "calendar",
    "dataclasses",
    "email",
    "http",
    "inspect",
    "jinja2",
    "jwt",
    "logging",
    "pydantic",
    "pydantic_core",
    "slugify",
    "typing_extensions",
    "uuid",
    "zoneinfo",
}


@pytest.mark.parametrize("module", ["analytics", "contact", "projects"])
def test_a_cold_start_loads_what_validates_and_nothing_heavier(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(module=module)],
        cwd=ROOT,
        env=_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = set(done.stdout.split())
    assert "pydantic_core._pydantic_core" in loaded
    assert _HEAVY.isdisjoint(loaded)
