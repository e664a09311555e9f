"""Credentials and region of the execution role, from the environment that Lambda sets."""

from collections.abc import Mapping
from typing import NamedTuple


class Credentials(NamedTuple):
    """Temporary credentials of a role; they outlive the execution environment that was given them."""

    access_key: str
    secret_key: str
    session_token: str | None
    region: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Credentials":
        """Read the variables that Lambda sets in every execution environment."""
        return cls(
            environment["AWS_ACCESS_KEY_ID"],
            environment["AWS_SECRET_ACCESS_KEY"],
            environment.get("AWS_SESSION_TOKEN") or None,
            environment["AWS_REGION"],
        )
