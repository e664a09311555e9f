"""What an HTTP caller is told of what goes wrong with users and sign-ins: the one place that maps it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from schemas.text import SHORTEST_PASSWORD
from shared.identity.errors import (
    DirectoryBusyError,
    IdentityError,
    LastAdminError,
    NotInvitedError,
    RefusedAddressError,
    RefusedPasswordError,
    SignInRefusedError,
    UserExistsError,
    UserNotFoundError,
)
from shared.problems import (
    FieldError,
    InvalidCredentialsError,
    InvalidRequestError,
    LastAdminProblemError,
    NotFoundError,
    NotInvitedProblemError,
    ProblemError,
    UnavailableError,
    UserExistsProblemError,
)

_PASSWORD_RULES = (
    f"Must have at least {SHORTEST_PASSWORD} characters, among them capital and small letters, digits and symbols."
)


def _invalid(detail: str, pointer: str, rule: str) -> InvalidRequestError:
    return InvalidRequestError(detail, errors=(FieldError(pointer, rule),))


_PROBLEMS: dict[type[IdentityError], Callable[[], ProblemError]] = {
    SignInRefusedError: lambda: InvalidCredentialsError(
        "These credentials don't open an account. Check them, or begin the sign-in again.",
        headers={"WWW-Authenticate": "Bearer"},
    ),
    RefusedPasswordError: lambda: _invalid("The password is not strong enough.", "/new_password", _PASSWORD_RULES),
    RefusedAddressError: lambda: _invalid(
        "The address can't be used.", "/email", "Must be an address that mails can be sent to."
    ),
    UserNotFoundError: lambda: NotFoundError("There is no such user; it may have been deleted."),
    UserExistsError: lambda: UserExistsProblemError("There is a user with this address."),
    LastAdminError: lambda: LastAdminProblemError("Make somebody else an administrator first: this one is the last."),
    NotInvitedError: lambda: NotInvitedProblemError(
        "The user has accepted an invitation; there is none to send again."
    ),
    DirectoryBusyError: lambda: UnavailableError(
        "Users can't be reached right now. Send it again.", headers={"Retry-After": "2"}
    ),
}


@contextmanager
def as_problems() -> Iterator[None]:
    """Raise what goes wrong with users and sign-ins as the problem that the caller is told.

    Raises
    ------
    ProblemError
        For every `IdentityError` that is a caller's to know of; the others go through, and are ours.
    """
    try:
        yield
    except IdentityError as error:
        problem = _PROBLEMS.get(type(error))
        if problem is None:
            raise
        raise problem() from None
