"""The keys of an issuer: which of its key set may verify tokens, and how long they are kept."""

import json
import time
from collections.abc import Callable
from typing import Any

import jwt

from shared.tokens.fetching import FetchError, fetch

MAX_AGE_SECONDS = 3600
"""How long a key set is good: within it, a key that the issuer has withdrawn is still trusted."""
COOLDOWN_SECONDS = 60
"""The least time between two requests to an issuer whose keys are at hand, whatever tokens ask for."""
RETRY_SECONDS = 10
"""The same while there are no keys at all, and so nobody is let in."""
LONGEST_KEY_ID = 256
"""Characters of a `kid`."""

_SMALLEST_RSA_KEY = 2048
_PUBLIC_MEMBERS = {"RS256": ("kty", "n", "e"), "ES256": ("kty", "crv", "x", "y")}
_PRIVATE_MEMBER = "d"


class KeySetError(Exception):
    """Raised when what an issuer answers is no key set; the message is a reason that may be logged."""


class KeyCache:
    """The keys of one issuer, fetched when they are first needed.

    Parameters
    ----------
    url
        Where the key set is.
    fetch
        From a URL to the body of its answer; raises `FetchError`.
    clock
        Seconds. Wall time, because a frozen execution environment may stop every other clock, and with it the age
        of a key that was withdrawn.
    report
        Told why a key set could not be had.
    """

    def __init__(
        self,
        url: str,
        *,
        fetch: Callable[[str], bytes] = fetch,
        clock: Callable[[], float] = time.time,
        report: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        self._url = url
        self._fetch = fetch
        self._clock = clock
        self._report = report
        self._keys: dict[str, jwt.PyJWK] | None = None
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")

    @property
    def available(self) -> bool:
        """Tell whether a key set was ever had."""
        return self._keys is not None

    def find(self, key_id: str) -> jwt.PyJWK | None:
        """Return the key called `key_id`, after asking the issuer if that is due; None if there is none."""
        now = self._clock()
        stale = not 0 <= now - self._fetched_at < MAX_AGE_SECONDS
        if (stale or self._keys is None or key_id not in self._keys) and self._may_ask(now):
            self._refresh(now)
        return None if self._keys is None else self._keys.get(key_id)

    def _may_ask(self, now: float) -> bool:
        pause = RETRY_SECONDS if self._keys is None else COOLDOWN_SECONDS
        return not 0 <= now - self._tried_at < pause

    def _refresh(self, now: float) -> None:
        """Replace the keys, or keep the last good ones if the issuer gives no key set."""
        self._tried_at = now
        try:
            self._keys = read_keys(self._fetch(self._url))
        except (FetchError, KeySetError) as error:
            self._report(str(error))
        else:
            self._fetched_at = now


def read_keys(document: bytes) -> dict[str, jwt.PyJWK]:
    """Return the keys of a JWK set (RFC 7517) that may verify tokens, by their `kid`; the others are left out.

    Raises
    ------
    KeySetError
        When `document` is no JWK set.
    """
    try:
        entries = json.loads(document)["keys"]
    except (ValueError, RecursionError, KeyError, TypeError):
        entries = None
    if not isinstance(entries, list):
        message = "no-key-set"
        raise KeySetError(message)
    found: dict[str, list[jwt.PyJWK]] = {}
    for entry in entries:
        if isinstance(entry, dict) and (key := _signing_key(entry)):
            found.setdefault(entry["kid"], []).append(key)
    # Two keys of one name leave it to chance which of them is meant, so the name stands for neither.
    return {key_id: keys[0] for key_id, keys in found.items() if len(keys) == 1}


def _signing_key(entry: dict[str, Any]) -> jwt.PyJWK | None:
    """Return the key of a JWK with the one algorithm that it is good for, or None if it may verify no token."""
    key_id = entry.get("kid")
    if not isinstance(key_id, str) or not 0 < len(key_id) <= LONGEST_KEY_ID:
        return None
    algorithm = _algorithm(entry)
    if algorithm is None or entry.get("alg", algorithm) != algorithm or not _may_verify(entry):
        return None
    try:
        key = jwt.PyJWK({name: entry[name] for name in _PUBLIC_MEMBERS[algorithm]}, algorithm)
    except (jwt.PyJWTError, KeyError):
        return None
    return None if algorithm == "RS256" and key.key.key_size < _SMALLEST_RSA_KEY else key


def _algorithm(entry: dict[str, Any]) -> str | None:
    """Return the algorithm that a key's type admits, which no token has a say in."""
    if entry.get("kty") == "RSA":
        return "RS256"
    return "ES256" if entry.get("kty") == "EC" and entry.get("crv") == "P-256" else None


def _may_verify(entry: dict[str, Any]) -> bool:
    # A private key that was published signs for anybody, so it vouches for nobody.
    operations = entry.get("key_ops", ["verify"])
    return (
        entry.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
        and _PRIVATE_MEMBER not in entry
    )
