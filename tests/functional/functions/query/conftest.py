"""The functions that answer about projects, with issuers whose keys can be fetched and a key for preview links."""

import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import boto3
import pytest

from shared.tokens.issuers import Issuer
from tests.unit.shared.aws.endpoints import endpoint, http
from tests.unit.shared.tokens.issuing import Flavour, key_set

EDITORS = Flavour("oidc", "ES256")


@pytest.fixture
def preview_key(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the ARN of the secret that signs preview links, which functions are told of."""
    secrets: Any = boto3.client("secretsmanager")
    arn: str = secrets.create_secret(Name="sitewire/local/preview-key", SecretString="k" * 64)["ARN"]
    monkeypatch.setenv("PREVIEW_KEY_ARN", arn)
    return arn


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """Return an issuer whose keys can be fetched once, of which functions are told."""
    with endpoint([http(key_set())]) as server:
        trusted = EDITORS.issuer._replace(jwks_url=f"{server.url}/keys")
        monkeypatch.setenv("ISSUERS", json.dumps([trusted._asdict()]))
        yield trusted


@pytest.fixture
def reader(
    load: Callable[[str], ModuleType],
    issuer: Issuer,  # noqa: ARG001
    preview_key: str,  # noqa: ARG001
) -> ModuleType:
    """Return the function that lists and reads projects."""
    return load("functions.query.projects")
