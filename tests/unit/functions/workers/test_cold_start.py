import subprocess
import sys

from local.paths import ROOT

_PROGRAM = """
import os, sys
sys.path.insert(0, os.getcwd())
import functions.workers.aggregate_analytics
print(*sorted(sys.modules))
"""
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_REGION": "eu-central-1",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "QUERY_PARAMETERS": "",
    "SITES": '[{"name": "example.org", "origins": ["https://example.org"], "time_zone": "UTC"}]',
    "TABLE_NAME": "sitewire-local",
}


def test_visits_are_counted_without_what_is_not_in_the_workers_layers() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=ROOT, env=_ENVIRONMENT, capture_output=True, text=True, check=True
    )

    assert {"boto3", "botocore", "pydantic", "aws_lambda_powertools"}.isdisjoint(done.stdout.split())
