"""The function that signs users in."""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests.functional.pools import Pool

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture
def auth(load: Callable[[str], ModuleType], dynamodb: "DynamoDBClient", pool: Pool) -> ModuleType:  # noqa: ARG001
    """Return the function."""
    return load("functions.users.auth")
