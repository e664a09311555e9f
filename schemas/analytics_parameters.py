"""Query parameters of a report on visits, for the OpenAPI document."""

from typing import Any

DIMENSIONS = (
    "country", "browser", "os", "device", "screen", "language", "channel", "source", "referrer", "utm_source",
    "utm_medium", "utm_campaign", "utm_term", "utm_content", "entry_page", "exit_page", "page", "title", "event",
    "property",
)  # fmt: skip
"""What can be counted by."""

_DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

REPORT_PARAMETERS: dict[str, dict[str, Any]] = {
    "site": {"type": "string", "description": "The name of a site; the first of the stage where absent."},
    "period": {
        "type": "string",
        "enum": ["day", "7d", "30d", "12mo"],
        "default": "30d",
        "description": "Ends today, in the site's time zone. `12mo` is this month and the eleven before it.",
    },
    "from": {**_DAY, "description": "In place of `period`: the first day, less than five years before `to`."},
    "to": {**_DAY, "description": "The last day, which is in the period; today where absent."},
    "interval": {
        "type": "string",
        "enum": ["hour", "day", "month"],
        "description": "What the series is divided into. `hour`: 31 days at most, of the last 90. Where absent, one "
        "day is divided into hours, up to 100 into days.",
    },
    "metrics": {
        "type": "string",
        "description": "Separated by commas; all that there are where absent. pageviews, visitors, visits, events, "
        "bounce_rate, visit_duration and views_per_visit; of `page` only pageviews and visitors, of `title` "
        "pageviews, of `event` events and visitors, of `property` events. Rows are ordered by the first; where it is "
        "absent, by events where those are counted alone, else by pageviews.",
    },
    "dimension": {"type": "string", "enum": [*DIMENSIONS], "description": "What rows are by."},
    "filter": {
        "type": "string",
        "pattern": f"^(?:{'|'.join(DIMENSIONS)}):",
        "description": "`dimension:value`: totals and series of that value alone, and rows where `dimension` is named "
        "too. Goes with no other `dimension`; only `event:NAME` goes with `property`. A value of `property` is event, "
        "name and value, joined by tabs.",
    },
    "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 20, "description": "Rows beside `(other)`."},
    "compare": {"type": "string", "enum": ["previous"], "description": "Adds the period before, of as many days."},
    "realtime": {"type": "boolean", "description": "Visitors of the last five minutes, or not, whatever the period."},
    "format": {
        "type": "string",
        "enum": ["json", "csv"],
        "description": "`csv`: the rows, or the series where there is no dimension; also by `Accept: text/csv`.",
    },
}
