"""A day's salt is made once, however many ask for it, and gone 48 hours after the day began."""

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from shared.analytics.salts import SALT_BYTES, Salts
from shared.analytics.times import Calendar
from shared.aws.errors import AwsRefusedError
from tests.unit import events

PREFIX = "/sitewire/local/analytics/salt/"
CONTEXT = SimpleNamespace(aws_request_id="8f9a1c7e-55b0-4d0e-9c1e-2b7a4f0d6e10")
RIVALS = 8


class Store:
    """Systems Manager, called as the lean client calls it."""

    def __init__(self) -> None:
        self._ssm = boto3.client("ssm")

    def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Call an operation by its name."""
        calls: dict[str, Callable[..., Any]] = {
            "GetParameter": self._ssm.get_parameter,
            "PutParameter": self._ssm.put_parameter,
        }
        try:
            answer: dict[str, Any] = calls[operation](**request)
        except ClientError as error:
            raise AwsRefusedError(400, error.response["Error"]["Code"]) from error
        return answer


def remaining() -> list[str]:
    """Return the days that have a salt."""
    pages = boto3.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=PREFIX)
    return sorted(parameter["Name"].removeprefix(PREFIX) for page in pages for parameter in page["Parameters"])


@pytest.fixture
def start(load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Return how the function is started for sites in certain time zones, at a certain time."""

    def start_at(now: str, *zones: str) -> ModuleType:
        monkeypatch.setenv("SALTS", PREFIX)
        module = load("functions.schedule.remove_salts")
        monkeypatch.setattr(module, "calendars", [Calendar(zone) for zone in zones or ("UTC",)])
        moment = datetime.datetime.fromisoformat(now).timestamp()
        monkeypatch.setattr(module, "time", SimpleNamespace(time_ns=lambda: int(moment * 1_000_000_000)))
        return module

    return start_at


def make(*days: str) -> None:
    for day in days:
        Salts(Store(), PREFIX).of(day)


def tick(module: ModuleType) -> None:
    module.handler(events.read("scheduled_release"), CONTEXT)


def test_all_who_ask_at_once_get_the_same_salt() -> None:
    barrier = Barrier(RIVALS)

    def ask(_number: int) -> bytes:
        mine = Salts(Store(), PREFIX)
        barrier.wait()
        return mine.of("2026-11-27")

    with ThreadPoolExecutor(RIVALS) as rivals:
        found = set(rivals.map(ask, range(RIVALS)))

    (salt,) = found
    assert len(salt) == SALT_BYTES
    assert remaining() == ["2026-11-27"]
    (parameter,) = boto3.client("ssm").describe_parameters()["Parameters"]
    assert (parameter["Type"], parameter["Version"]) == ("SecureString", 1)


@pytest.mark.parametrize(
    ("now", "zones", "expected"),
    [
        ("2026-11-26T23:59:59+00:00", ("UTC",), ["2026-11-25", "2026-11-26", "2026-11-27"]),
        ("2026-11-27T00:00:00+00:00", ("UTC",), ["2026-11-26", "2026-11-27"]),
        ("2026-11-27T23:59:59+00:00", ("UTC",), ["2026-11-26", "2026-11-27"]),
        ("2026-11-26T22:59:59+00:00", ("Europe/Berlin",), ["2026-11-25", "2026-11-26", "2026-11-27"]),
        ("2026-11-26T23:00:00+00:00", ("Europe/Berlin",), ["2026-11-26", "2026-11-27"]),
        # The first midnight counts: in no time zone a salt is older.
        ("2026-11-26T23:00:00+00:00", ("UTC", "Europe/Berlin"), ["2026-11-26", "2026-11-27"]),
    ],
)
def test_a_salt_is_gone_48_hours_after_its_day_began(
    start: Callable[..., ModuleType], now: str, zones: tuple[str, ...], expected: list[str]
) -> None:
    module = start(now, *zones)
    make("2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27")

    tick(module)

    assert remaining() == expected


def test_a_clock_that_stood_still_for_days_makes_up_for_it(start: Callable[..., ModuleType]) -> None:
    module = start("2026-11-27T12:00:00+00:00")
    make("2026-11-12", "2026-11-20", "2026-11-25")

    tick(module)

    assert remaining() == []


def test_a_run_with_nothing_to_do_does_nothing(
    start: Callable[..., ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    module = start("2026-11-27T12:00:00+00:00")

    tick(module)
    tick(module)

    assert '"Removed":0.0' in capsys.readouterr().out


def test_no_line_of_the_log_holds_a_salt(start: Callable[..., ModuleType], capsys: pytest.CaptureFixture[str]) -> None:
    module = start("2026-11-27T12:00:00+00:00")
    make("2026-11-25")
    (parameter,) = boto3.client("ssm").get_parameters_by_path(Path=PREFIX, WithDecryption=True)["Parameters"]

    tick(module)

    written = capsys.readouterr().out
    assert '"Removed":1.0' in written
    assert parameter["Value"] not in written
