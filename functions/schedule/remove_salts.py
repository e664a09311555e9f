"""Every hour: delete the salts of days that began more than 48 hours ago.

From then on nobody can tell whose a visitor's id was, or whether two ids of different days were one visitor's.
"""

import datetime
import os
import time
from typing import Any

from functions.schedule.settings import RemoveSaltsSettings
from shared.analytics.sites import parse_sites
from shared.analytics.times import HOUR_MS, Calendar
from shared.clients import client
from shared.observability.lines import RequestLog

KEPT_MS = 48 * HOUR_MS
"""How long a salt exists, from the first midnight with which its day begins at any of the sites."""

DAYS_BACK = 14
"""Days whose salts are deleted in each run, most of them again: the clock may have stood still."""

settings = RemoveSaltsSettings.from_environment(os.environ)
calendars = [Calendar(zone) for zone in {site.time_zone for site in parse_sites(settings.sites)}]
parameters = client("ssm")
log = RequestLog("remove_salts")


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ANN401, ARG001  Lambda's context
    """Delete what is due.

    Raises
    ------
    botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError
        When Systems Manager refuses or can't be reached; Lambda counts it as an error.
    """
    last = last_day(time.time_ns() // 1_000_000)
    removed = sum(_remove(last - datetime.timedelta(days=back)) for back in range(DAYS_BACK))
    metrics = {"Removed": (float(removed), "Count")}
    log.write("INFO", "salts removed", metrics=metrics, correlation_id=str(context.aws_request_id))


def last_day(now: int) -> datetime.date:
    """Return the last day whose salt is due: at one of the sites at least it began long enough ago."""
    return max(datetime.date.fromisoformat(calendar.place(now - KEPT_MS)[0]) for calendar in calendars)


def _remove(day: datetime.date) -> bool:
    """Delete the salt of a day by its name, and tell whether there was one."""
    try:
        parameters.delete_parameter(Name=f"{settings.salts}{day}")
    except parameters.exceptions.ParameterNotFound:
        return False
    return True
