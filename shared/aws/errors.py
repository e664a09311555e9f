"""Errors of the lean AWS client."""


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
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"AWS answered {status} {code}")
        self.status = status
        self.code = code


class AwsUnreachableError(AwsError):
    """Raised when no answer came that can be read: a refused or cut connection, a timeout, a garbled body."""
