"""boto3 clients that give up in time: a function must end by itself, with its records reported, not by its timeout."""

from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config

_CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})

LONGEST_CALL_SECONDS = 6.5
"""Two attempts of three seconds each, and the pause between them."""


def client(service: str) -> Any:  # noqa: ANN401  boto3's clients are made at run time
    """Return a client of an AWS service."""
    return boto3.client(service, config=_CONFIG)  # type: ignore[call-overload]


def unrepeating_client(service: str) -> Any:  # noqa: ANN401  boto3's clients are made at run time
    """Return a client that never repeats a call itself, for what happens twice where an answer was lost."""
    once = Config(retries={"mode": "standard", "total_max_attempts": 1})
    return boto3.client(service, config=_CONFIG.merge(once))  # type: ignore[call-overload]


def unsigned_client(service: str) -> Any:  # noqa: ANN401  boto3's clients are made at run time
    """Return a client that calls a service as anybody can, without the role's credentials."""
    return boto3.client(service, config=_CONFIG.merge(Config(signature_version=UNSIGNED)))  # type: ignore[call-overload]
