"""What can go wrong with users and sign-ins, in our own words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError


class IdentityError(Exception):
    """Base of what can go wrong with users and sign-ins."""


class UserNotFoundError(IdentityError):
    """Raised when there is no such user."""


class UserExistsError(IdentityError):
    """Raised when a user has the address already."""


class RefusedAddressError(IdentityError):
    """Raised when the user pool does not take an address."""


class LastAdminError(IdentityError):
    """Raised when a change would leave no enabled administrator."""


class NotInvitedError(IdentityError):
    """Raised when a user has no open invitation."""


class SignInRefusedError(IdentityError):
    """Raised when a sign-in fails, whatever the reason: a caller must not learn it."""


class RefusedPasswordError(IdentityError):
    """Raised when a new password is not what the user pool asks of one."""


class UnsupportedChallengeError(IdentityError):
    """Raised when a sign-in asks for what this API can't pass on; the pool is configured not to."""


class DirectoryBusyError(IdentityError):
    """Raised when the user pool gave no answer, or somebody else kept changing administrators; it can be repeated."""


_PASSING = {
    "InternalErrorException": DirectoryBusyError,
    "LimitExceededException": DirectoryBusyError,
    "TooManyRequestsException": DirectoryBusyError,
}


@contextmanager
def translated(meanings: Mapping[str, type[IdentityError]]) -> Iterator[None]:
    """Raise Cognito's errors as ours.

    Parameters
    ----------
    meanings
        The error by Cognito's code; one that is in here, or passes by itself, is translated, every other one is ours
        to mend and goes through as it is.
    """
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        meaning = meanings.get(code) or _PASSING.get(code)
        if meaning is None:
            raise
        # Cognito's sentence may repeat what was sent, so it is left behind.
        raise meaning(code) from None
    except (HTTPClientError, NoConnectionError) as error:
        raise DirectoryBusyError(type(error).__name__) from None
