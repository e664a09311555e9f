"""The secret of each day, without which a visitor's id is nobody's: made when first needed, then deleted."""

import base64
import os
import time
from collections.abc import Callable

from shared.aws.errors import AwsRefusedError
from shared.publishing import Caller

SALT_BYTES = 32
_ATTEMPTS = 3
_PAUSE_SECONDS = 0.1
REMEMBERED_SECONDS = 3600
"""How long an environment goes without asking, and so may know a salt that has been deleted."""

# Another environment makes the same parameter at this moment, or has made it.
_OUTRUN = frozenset({"ParameterAlreadyExists", "TooManyUpdates"})


class SaltError(Exception):
    """Raised when no salt can be had, because others kept making and deleting it."""


class Salts:
    """The salts, each a SecureString in Parameter Store that is named after its day.

    Parameters
    ----------
    client
        Client of Systems Manager.
    prefix
        What their names begin with.
    sleep
        How to wait between attempts, in seconds.
    clock
        Seconds that pass.
    """

    def __init__(
        self,
        client: Caller,
        prefix: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._sleep = sleep
        self._clock = clock
        self._known: dict[str, bytes] = {}
        self._forgets_at = 0.0

    def of(self, day: str) -> bytes:
        """Return the salt of a day such as `2026-01-31`; who asks first makes it.

        Raises
        ------
        SaltError
            When others are in the way again and again.
        shared.aws.errors.AwsError
            When Systems Manager refuses or can't be reached.
        """
        now = self._clock()
        if now >= self._forgets_at:
            self._known, self._forgets_at = {}, now + REMEMBERED_SECONDS
        if day not in self._known:
            self._known[day] = self._shared(day)
        return self._known[day]

    def _shared(self, day: str) -> bytes:
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._sleep(_PAUSE_SECONDS * attempt)
            if salt := self._read(day) or self._make(day):
                return salt
        message = f"there is no salt of {day}"
        raise SaltError(message)

    def _read(self, day: str) -> bytes | None:
        try:
            answer = self._client.call("GetParameter", {"Name": f"{self._prefix}{day}", "WithDecryption": True})
        except AwsRefusedError as error:
            if error.code != "ParameterNotFound":
                raise
            return None
        return base64.b64decode(answer["Parameter"]["Value"])

    def _make(self, day: str) -> bytes | None:
        """Return a fresh salt that everybody will find; None where somebody else was faster."""
        value = base64.b64encode(os.urandom(SALT_BYTES)).decode()
        parameter = {"Name": f"{self._prefix}{day}", "Value": value, "Type": "SecureString", "Overwrite": False}
        try:
            self._client.call("PutParameter", parameter)
        except AwsRefusedError as error:
            if error.code not in _OUTRUN:
                raise
            return None
        # Read again rather than kept: an answer that was lost on its way is tried again, and then refused.
        return self._read(day)
