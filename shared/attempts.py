"""Attempts at what may fail for a while."""

import random
from collections.abc import Callable, Iterator


def attempts(most: int, backoff_seconds: float, sleep: Callable[[float], None]) -> Iterator[int]:
    """Yield the numbers of attempts from 0 on; each but the first waits before, longer every time, with full jitter."""
    for attempt in range(most):
        if attempt:
            sleep(random.uniform(0, backoff_seconds * 2**attempt))  # noqa: S311  no secret
        yield attempt
