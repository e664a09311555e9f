from pathlib import Path
from typing import Any

import pytest

from infra.alarm_settings import Alarms
from infra.alarms import KINDS
from infra.catalogue import workers
from infra.constructs.queue import MAX_RECEIVES
from infra.stage import CONFIGURATION, StageError, read_stage

STAGE = """
[stages.local]
region = "eu-central-1"
site_name = "Example"
allowed_origins = ["https://example.org"]

[stages.local.contact]
sender = "website@example.org"
recipients = ["owner@example.org"]

[stages.local.alarms]
"""


def read(tmp_path: Path, text: str) -> Any:
    file = tmp_path / CONFIGURATION
    file.write_text(STAGE + text)
    return read_stage("local", file).alarms


def test_nobody_is_told_and_every_threshold_has_a_default() -> None:
    alarms = Alarms()

    assert (alarms.emails, alarms.page_emails, alarms.ticket_emails) == ((), (), ())
    assert {kind.setting for kind in KINDS} <= Alarms.model_fields.keys()


def test_the_absence_of_traffic_is_no_alarm_unless_asked_for() -> None:
    assert Alarms().quiet_minutes == 0


def test_thresholds_and_addresses_are_read_from_the_stage(tmp_path: Path) -> None:
    alarms = read(tmp_path, 'emails = ["ops@example.org"]\nqueue_depth = 7\nbounce_percent = 4\n')

    assert (alarms.emails, alarms.queue_depth, alarms.bounce_percent) == (("ops@example.org",), 7, 4.0)


@pytest.mark.parametrize(
    ("line", "field", "expected"),
    [
        ('emails = ["nobody"]', "emails[0]", "told of every alarm"),
        ("queue_depth = 0", "queue_depth", "messages that wait in a worker's queue"),
        ("queue_age_seconds = 345601", "queue_age_seconds", "seconds that a message may wait"),
        ("api_5xx_percent = 0", "api_5xx_percent", "percent of requests that fail"),
        ("api_5xx_percent = 101", "api_5xx_percent", "percent of requests that fail"),
        ("api_p99_ms = 30000", "api_p99_ms", "milliseconds within which"),
        ("quiet_minutes = 7", "quiet_minutes", "a multiple of 5"),
        ("quiet_minutes = 1445", "quiet_minutes", "up to 1440"),
        ("dead_letters = 'any'", "dead_letters", "messages in a dead-letter queue"),
    ],
)
def test_a_setting_that_does_not_fit_is_named_with_what_was_expected(
    tmp_path: Path, line: str, field: str, expected: str
) -> None:
    with pytest.raises(StageError) as caught:
        read(tmp_path, line)

    assert str(caught.value).startswith(f"{CONFIGURATION}: stages.local.alarms.{field}: expected ")
    assert expected in str(caught.value)


def test_a_setting_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StageError, match=r"stages\.local\.alarms\.queue_dept is not a field"):
        read(tmp_path, "queue_dept = 5")


def test_no_bad_message_that_is_on_its_way_out_makes_its_queue_too_old() -> None:
    # Six times the function's timeout, after each delivery.
    longest = max(MAX_RECEIVES * 6 * worker.timeout for worker in workers())

    assert Alarms().queue_age_seconds > longest
    assert f"up to {longest} until" in str(Alarms.model_fields["queue_age_seconds"].description)


def test_the_account_is_warned_before_ses_reviews_it() -> None:
    assert Alarms().bounce_percent < 5
    assert Alarms().complaint_percent < 0.1
