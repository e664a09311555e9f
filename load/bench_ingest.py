"""Measure the ingest functions, each beside the same job done the usual way, in one run.

Warm requests go to an endpoint that answers at once. Ours are measured as they are shipped: from the packages of their
layers and their function. The baselines have compiled bytecode too. `usual_way` says what they consist of, and
`measuring.py` how all are measured.
"""

import json
import tempfile
from pathlib import Path

import boto3

from infra.catalogue import SHARED
from load.instant_bus import instant_bus
from load.measuring import Variant, arguments, compiled, inherited_environment, measure, report, unpack
from local.paths import ROOT
from shared.analytics.sites import Site, format_sites

TARGETS = {"cold": 0.25, "warm": 0.20}
"""Ours against the usual way, at most."""

_EVENTS = ROOT / "tests" / "unit" / "events"
_JOBS = {"analytics": "api_post_analytics", "contact": "api_post_contact", "projects": "api_post_project"}
"""By the module of the function and of its baseline, the event that both are asked."""


def main() -> None:
    """Measure and print."""
    asked = arguments(__doc__.splitlines()[0])
    with tempfile.TemporaryDirectory() as scratch, instant_bus() as endpoint:
        figures = {
            f"ingest_{module}": measure(
                _variants(module, event, Path(scratch) / module, endpoint),
                samples=asked.samples,
                requests=asked.requests,
            )
            for module, event in _JOBS.items()
        }
    print(report(figures, TARGETS, as_json=asked.json))


def _variants(module: str, event: str, scratch: Path, endpoint: str) -> list[Variant]:
    ours = unpack(f"ingest_{module}", scratch)
    baseline = compiled(Path(__file__).parent / "usual_way", scratch)
    installed = [baseline, scratch / f"layer-{SHARED}" / "python", Path(boto3.__file__).parent.parent]
    environment = {
        **inherited_environment(),
        "ALLOWED_ORIGINS": '["https://example.org"]',
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "of-nobody",
        "AWS_SESSION_TOKEN": "of-nobody",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": endpoint,
        "ADDRESS_HEADER": "",
        "EXCLUDED_ADDRESSES": "",
        "COUNTRY_HEADER": "CloudFront-Viewer-Country",
        "DEFAULT_LOCALE": "en",
        "EVENT_BUS_NAME": "bench",
        "QUERY_PARAMETERS": "q",
        "QUEUE_URL": f"{endpoint}/000000000000/bench",
        "SALTS": "/sitewire/bench/analytics/salt/",
        "SITES": format_sites([Site("example.org", ("https://example.org",), "UTC")]),
        "TABLE_NAME": "bench",
        # As in Lambda, so that the Tracer does what it does there.
        "LAMBDA_TASK_ROOT": "/var/task",
        "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
    }
    untraced = environment | {"POWERTOOLS_TRACE_DISABLED": "true"}
    asked = json.loads((_EVENTS / f"{event}.json").read_text())
    # The usual way reads no JSON that is called text/plain, as a beacon calls it.
    asked["headers"]["Content-Type"] = "application/json"
    job = (asked, {"statusCode": 202})
    return [
        Variant("this function", f"functions.ingest.{module}", ours, environment, *job),
        Variant("the usual way", f"usual_way.{module}", installed, environment, *job),
        Variant("  without Tracer", f"usual_way.{module}", installed, untraced, *job),
    ]


if __name__ == "__main__":
    main()
