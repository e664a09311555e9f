"""The functions' logs, read from a running stage."""

import time

from local.logs import read_logs
from shared.ids import uuid7
from tests.e2e.conftest import Site

PAGE = 10_000
"""Lines that CloudWatch answers at once, or takes."""


def test_logs_are_read_whole_however_many_lines_there_are(site: Site) -> None:
    logs, group = site.aws("logs"), f"long-{uuid7()}"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="all")
    # Several lines share a millisecond, so that pages end between such lines.
    begin = int(time.time() * 1000) - PAGE
    lines = [{"timestamp": begin + number // 3, "message": f"line {number}"} for number in range(2 * PAGE + 1)]
    for start in range(0, len(lines), PAGE):
        logs.put_log_events(logGroupName=group, logStreamName="all", logEvents=lines[start : start + PAGE])

    found = read_logs(logs, {"long": group})

    logs.delete_log_group(logGroupName=group)
    assert [event.message for event in found] == [line["message"] for line in lines]
