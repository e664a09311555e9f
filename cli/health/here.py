"""The local stage's figures: the embedded AWS has no metrics, so they are counted from the functions' log lines."""

import json
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from cli.health.state import Alarm, Function
from infra.catalogue import FUNCTIONS
from infra.names import Names
from local.logs import LogEvent, read_logs
from local.queues import oldest_messages

_REPORT = re.compile(r"^REPORT RequestId: \S+\s+Duration: ([\d.]+) ms")
_CRASHED = ("Traceback (most recent call last):", "[ERROR]")
_TIMED_OUT = "Task timed out after"


class LocalFigures:
    """The embedded AWS.

    Parameters
    ----------
    logs
        CloudWatch Logs client.
    endpoint_url
        Where the embedded AWS answers.
    """

    unknown: Mapping[str, str] = {
        "alarms": "the embedded AWS judges alarms without their dimensions and periods",
        "functions.throttles": "the embedded AWS does not tell of refused invocations",
    }

    def __init__(self, logs: Any, endpoint_url: str) -> None:  # noqa: ANN401  boto3's clients
        self._logs = logs
        self._endpoint_url = endpoint_url

    def look(self, names: Names, since: float, until: float) -> tuple[dict[str, int], list[Function], list[Alarm]]:
        """Return the age of the oldest message by queue, what functions did, and no alarms."""
        sent_at = oldest_messages(self._endpoint_url)
        ages = {queue: max(0, round(until - moment)) for queue, moment in sent_at.items()}
        groups = {entry.name: names.log_group(entry.name) for entry in FUNCTIONS}
        lines: defaultdict[str, list[LogEvent]] = defaultdict(list)
        for event in read_logs(self._logs, groups, since=int(since * 1000)):
            lines[event.function].append(event)
        return ages, [counted(entry.name, lines[entry.name]) for entry in FUNCTIONS], []


def counted(function: str, lines: Sequence[LogEvent]) -> Function:
    """Return what a function did, by its log lines."""
    runs: list[tuple[float, float]] = []
    errors, failed = 0, 0.0
    for line in lines:
        if report := _REPORT.match(line.message):
            runs.append((line.milliseconds - float(report[1]), line.milliseconds))
        elif line.message.startswith(_CRASHED) or _TIMED_OUT in line.message:
            errors += 1
        else:
            failed += _failed(line.message)
    durations = sorted(end - begin for begin, end in runs)
    p95 = math.ceil(durations[math.ceil(0.95 * len(durations)) - 1]) if durations else None
    return Function(function, errors, round(failed), None, p95, _most_at_once(runs))


def _failed(text: str) -> float:
    """Return what a line in embedded metric format counts as failed."""
    if not (text.startswith("{") and '"Failed"' in text):
        return 0
    try:
        value = json.loads(text).get("Failed", 0)
    except ValueError:
        return 0
    # Powertools writes the values of a metric as a list.
    values = value if isinstance(value, list) else [value]
    return float(sum(entry for entry in values if isinstance(entry, int | float)))


def _most_at_once(runs: Sequence[tuple[float, float]]) -> int:
    """Return how many invocations ran side by side, at most; one that begins as another ends is not beside it."""
    now = most = 0
    for _, change in sorted([(begin, 1) for begin, _ in runs] + [(end, -1) for _, end in runs]):
        now += change
        most = max(most, now)
    return most
