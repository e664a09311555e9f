"""Functions read their settings when they are imported, as Lambda does at a cold start."""

import importlib
import json
from collections.abc import Callable
from types import ModuleType

import pytest

from shared.analytics.sites import Site, format_sites
from tests.unit.shared.tokens.issuing import ISSUERS

ENVIRONMENT = {
    "ALLOWED_ORIGINS": "https://example.org,http://localhost:*",
    "DEFAULT_LOCALE": "de",
    "EVENT_BUS_NAME": "sitewire-local",
    "ISSUERS": json.dumps([issuer._asdict() for issuer in ISSUERS.values()]),
    "ADDRESS_HEADER": "",
    "EXCLUDED_ADDRESSES": "",
    "COUNTRY_HEADER": "CloudFront-Viewer-Country",
    "QUERY_PARAMETERS": "q",
    "QUEUE_URL": "https://sqs.example/queue",
    "SALTS": "/sitewire/local/analytics/salt/",
    "SITES": format_sites(
        [
            Site("example.org", ("https://example.org", "http://localhost:*"), "UTC"),
            Site("shop", ("https://shop.example.org",), "Europe/Berlin"),
        ]
    ),
    "TABLE_NAME": "sitewire-local",
    "USER_POOL_CLIENT_ID": "1example23456789",
    "USER_POOL_ID": "eu-central-1_Example",
}


@pytest.fixture(scope="session")
def load() -> Callable[[str], ModuleType]:
    """Return how a function's module is imported, in the environment of the stage `local`."""

    def load_module(name: str) -> ModuleType:
        with pytest.MonkeyPatch.context() as monkeypatch:
            for variable, value in ENVIRONMENT.items():
                monkeypatch.setenv(variable, value)
            return importlib.import_module(name)

    return load_module
