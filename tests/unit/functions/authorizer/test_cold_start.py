import json
import subprocess
import sys

from local.paths import ROOT
from tests.unit.shared.tokens.issuing import ISSUERS

_PROGRAM = """
import os, sys
sys.path.insert(0, os.getcwd())
import functions.authorizer.handler
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
_HEAVY = {"aws_lambda_powertools", "boto3", "botocore", "pydantic", "pydantic_core", "requests", "urllib3"}


def test_a_cold_start_loads_what_verifies_a_token_and_nothing_heavier() -> None:
    issuers = json.dumps([issuer._asdict() for issuer in ISSUERS.values()])

    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=ROOT, env={"ISSUERS": issuers}, capture_output=True, text=True, check=True
    )

    loaded = set(done.stdout.split())
    assert {"jwt", "cryptography"} <= loaded
    assert _HEAVY.isdisjoint(loaded)
