"""Every hour: delete the salts of days that began more than 48 hours ago.

From then on nobody can tell whose a visitor's id was, or whether two ids of different days were one visitor's.
"""

import datetime
import os
import time
from typing import Any

from functions.schedule.settings import RemoveSaltsSettings
from shared.analytics.sites import parse_sites
from shared.analytics.times import Calendar
from shared.clients import client
from shared.observability.lines import RequestLog

KEPT_MS = 48 * 3_600_000
"""How long a salt exists, from the first midnight with which its day begins at any of the sites."""

DAYS_BACK = 30
"""Days whose salts are deleted in each run, most of them again: the clock may have stood still."""

NAMES_PER_CALL = 10
"""Names that one DeleteParameters call takes."""

settings = RemoveSaltsSettings.from_environment(os.environ)
calendars = [Calendar(zone) for zone in {site.time_zone for site in parse_sites(settings.sites)}]
parameters = client("ssm")
log = RequestLog("remove_salts")


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ANN401, ARG001  Lambda's context
    """Delete what is due. A salt that does not exist is none that is left.

    Raises
    ------
    botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError
        When Systems Manager refuses or can't be reached; Lambda counts it as an error.
    """
    last = last_day(time.time_ns() // 1_000_000)
    names = [f"{settings.salts}{last - datetime.timedelta(days=back)}" for back in range(DAYS_BACK)]
    removed = 0
    for start in range(0, DAYS_BACK, NAMES_PER_CALL):
        answer = parameters.delete_parameters(Names=names[start : start + NAMES_PER_CALL])
        removed += len(answer["DeletedParameters"])
    metrics = {"Removed": (float(removed), "Count")}
    log.write("INFO", "salts removed", metrics=metrics, correlation_id=str(context.aws_request_id))


def last_day(now: int) -> datetime.date:
    """Return the last day whose salt is due: at one of the sites at least it began long enough ago."""
    return max(datetime.date.fromisoformat(calendar.place(now - KEPT_MS)[0]) for calendar in calendars)
