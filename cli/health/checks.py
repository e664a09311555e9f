"""A check: what was looked at, what was found, and what to do about it."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from botocore.exceptions import BotoCoreError, ClientError


class Outcome(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    """It works, or may work, and somebody should look at it."""
    FAIL = "fail"
    """Something does not work until somebody mends it."""
    SKIPPED = "skipped"
    """It does not apply here, or can't be looked at before another one is mended; `found` says why."""


class Check(NamedTuple):
    """One check; `advice` is empty where nothing is to be done."""

    name: str
    outcome: Outcome
    found: str
    advice: str = ""


def ok(name: str, found: str) -> Check:
    """Return a check that found all well."""
    return Check(name, Outcome.OK, found)


def warn(name: str, found: str, advice: str) -> Check:
    """Return a check that found something to look at."""
    return Check(name, Outcome.WARN, found, advice)


def fail(name: str, found: str, advice: str) -> Check:
    """Return a check that found something to mend."""
    return Check(name, Outcome.FAIL, found, advice)


def skipped(name: str, why: str) -> Check:
    """Return a check that was not made."""
    return Check(name, Outcome.SKIPPED, why)


def attempted(name: str, check: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """Yield what a check finds; where AWS does not answer, that instead."""
    try:
        yield from check()
    except ClientError as error:
        code, operation = error.response["Error"]["Code"], error.operation_name
        yield warn(name, f"could not be looked at: {operation} was answered with {code}",
                   f"allow your credentials to call {operation}, or look at it in the console")  # fmt: skip
    except BotoCoreError as error:
        yield warn(name, f"could not be looked at: {error}", "check the network and the region")
