"""Whose token a command shows: that of the session that is kept, or of one of the local stage's seeded users."""

import threading
from collections.abc import Callable

from cli.projects.errors import StageApiError
from cli.sessions import is_kept, kept
from cli.target import LOCAL, Target
from local.outputs import running_outputs
from local.seed import access_token
from schemas.routes import Role


class Token:
    """An access token that threads share, and replace when it has expired.

    Parameters
    ----------
    source
        Gives a token that is good for a while.
    """

    def __init__(self, source: Callable[[], str]) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._value = ""

    def get(self) -> str:
        """Return the token."""
        with self._lock:
            self._value = self._value or self._source()
            return self._value

    def renew(self, refused: str) -> str:
        """Return another token than one that was refused; one thread gets it, the others use it too.

        Raises
        ------
        StageApiError
            When there is no other.
        """
        with self._lock:
            if self._value == refused:
                self._value = self._source()
            if self._value == refused:
                message = "the stage does not accept your session: sign in again with 'sitewire login'"
                raise StageApiError(message)
            return self._value


def caller(place: Target, role: Role) -> Token:
    """Return the token of whoever is signed in on a stage; of a seeded user where nobody is on the local one."""
    if place.stage == LOCAL and not is_kept(place):
        return Token(lambda: access_token(running_outputs(), role))
    return Token(lambda: kept(place).access_token)
