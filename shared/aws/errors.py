"""Errors of the lean AWS client."""

from typing import Any


class AwsError(Exception):
    """Base of what can go wrong when AWS is called."""


class AwsRefusedError(AwsError):
    """Raised when AWS answered with an error.

    Parameters
    ----------
    status
        The HTTP status.
    code
        The error's name, such as `AccessDeniedException`.
    document
        The rest of the answer, such as a transaction's `CancellationReasons`; empty where it could not be read.
    """

    def __init__(self, status: int, code: str, document: dict[str, Any] | None = None) -> None:
        super().__init__(f"AWS answered {status} {code}")
        self.status = status
        self.code = code
        self.document = document or {}


class AwsUnreachableError(AwsError):
    """Raised when no answer came that can be read: a refused or cut connection, a timeout, a garbled body."""
