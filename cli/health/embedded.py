"""Checks of the local stage: what runs, and what there is nothing to check of."""

from collections.abc import Iterator

from cli.health.account import stack
from cli.health.checks import Check, attempted, ok, skipped, warn
from cli.target import LOCAL, target
from local.errors import LocalError

_SKIPPED = {
    "bootstrap": "the embedded AWS is bootstrapped by whoever deploys to it",
    "mail-account": "the embedded AWS delivers no mail; see /_ministack/ses/messages",
    "mail-sender": "the embedded AWS delivers no mail",
    "mail-recipients": "the embedded AWS delivers no mail",
    "concurrency": "the embedded AWS has this machine's limits, not an account's",
    "api-throttle": "the embedded AWS has no limit over all APIs",
    "domain": "the embedded AWS answers on this machine only",
}


def local_checks() -> Iterator[Check]:
    """Yield whether the stage runs here, and why the rest is not looked at."""
    try:
        running = target(LOCAL)
    except LocalError as error:
        yield warn("running", str(error), "start it with 'make dev' or 'sitewire dev --detach'")
        yield skipped("deployment", "nothing runs here")
    else:
        yield ok("running", f"it answers at {running.api_url}")
        yield from attempted("deployment", lambda: stack(running.client("cloudformation"), LOCAL))
    yield skipped("credentials", "the embedded AWS needs none of yours")
    yield from (skipped(name, why) for name, why in _SKIPPED.items())
