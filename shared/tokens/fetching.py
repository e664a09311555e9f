"""Fetch an issuer's key set: one place, one deadline, a bounded body."""

import threading
import urllib.request
from urllib.error import HTTPError

DEADLINE_SECONDS = 2.0
"""From looking up the name to the last byte."""
LARGEST_BODY = 64 * 1024
"""Bytes; a key takes about 400."""


class FetchError(Exception):
    """Raised when no key set arrives; the message is a reason that may be logged."""


def fetch(url: str, *, deadline: float = DEADLINE_SECONDS) -> bytes:
    """Return what `url` answers.

    Raises
    ------
    FetchError
        When there is no whole answer of status 200 to 299 within `deadline` seconds, or one over `LARGEST_BODY`.
    """
    outcome: list[bytes | FetchError] = []
    # A socket's timeout starts again with every address tried and every byte received. Only a thread bounds the whole,
    # and the last good keys are of no use to a function that ran out of its time.
    worker = threading.Thread(target=lambda: outcome.append(_outcome(url, deadline)), daemon=True)
    worker.start()
    worker.join(deadline)
    if not outcome:
        message = "timeout"
        raise FetchError(message)
    if isinstance(outcome[0], FetchError):
        raise outcome[0]
    return outcome[0]


def _outcome(url: str, timeout: float) -> bytes | FetchError:
    try:
        with _opener(url).open(url, timeout=timeout) as response:
            body: bytes = response.read(LARGEST_BODY + 1)
    except HTTPError as error:
        error.close()
        return FetchError(f"http-{error.code}")
    except TimeoutError:
        return FetchError("timeout")
    except Exception as error:  # noqa: BLE001  it would end with the thread, and with it the request that waits
        return FetchError(type(error).__name__)
    return FetchError("too-large") if len(body) > LARGEST_BODY else body


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Return an opener that can do no more than ask `url`: no redirects, no proxies, no files."""
    opener = urllib.request.OpenerDirector()
    # The handler for HTTPS reads every root certificate when it is made, so it is made when it is needed.
    scheme = urllib.request.HTTPSHandler if url.startswith("https:") else urllib.request.HTTPHandler
    for handler in (scheme, urllib.request.HTTPErrorProcessor, urllib.request.HTTPDefaultErrorHandler):
        opener.add_handler(handler())
    return opener
