"""CloudWatch Logs: pages of lines."""

import json
from typing import Any

from ministack.core.responses import json_response
from ministack.services import cloudwatch_logs

_LOG_PAGE = 10_000
_OK = 200


def mend_log_pages() -> None:
    """Let FilterLogEvents go on after its first page: MiniStack answers the oldest lines and leaves the others out.

    A page's token is the time of its last line, and how many lines of that time have been given.
    """
    read = cloudwatch_logs._filter_log_events

    def read_page(data: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's own
        since, _, known = data.get("nextToken", "").partition(":")
        given = int(known or 0)
        limit = min(data.get("limit", _LOG_PAGE) + given, _LOG_PAGE)
        response = read({**data, "limit": limit, **({"startTime": int(since)} if since else {})})
        if response[0] != _OK:
            return response
        document = json.loads(response[2])
        events = document["events"]
        if len(events) == limit:
            last = events[-1]["timestamp"]
            document["nextToken"] = f"{last}:{sum(event['timestamp'] == last for event in events)}"
        return json_response({**document, "events": events[given:]})

    cloudwatch_logs._filter_log_events = read_page
