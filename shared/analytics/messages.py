"""Messages of page views and events, as the worker takes them out of their queue."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from shared.analytics.pages import came_from, page_name, parse_page
from shared.analytics.receipts import EXCLUDED, FOREIGN
from shared.analytics.sites import Sites
from shared.analytics.times import Calendar
from shared.analytics.visitors import country_code
from shared.validation import Validator

_PIXEL = b'{"pixel"'


class Message(NamedTuple):
    """A message: `part` is as `schemas.analytics.AnalyticsPart` declares it.

    `accepted_at` is in seconds since the epoch; `reason` says why it is not to be counted, where that is known already.
    """

    id: str
    accepted_at: float
    correlation_id: str
    part: dict[str, Any]
    reason: str = ""


class MessageReader:
    """Reads what the ingest function sends, and what API Gateway makes of a request for the pixel.

    Parameters
    ----------
    sites
        The stage's sites.
    kept
        Names of the parameters that tell pages apart.
    """

    def __init__(self, sites: Sites, kept: tuple[str, ...]) -> None:
        self._sites = sites
        self._kept = frozenset(kept)
        self._calendars = {site.name: Calendar(site.time_zone) for site in sites}
        self._messages = Validator("AnalyticsMessage")
        self._pixels = Validator("PixelMessage")

    def read(self, body: bytes) -> Message:
        """Return the message in a body.

        Raises
        ------
        shared.problems.InvalidRequestError, ValueError
            When it is none.
        """
        if body.startswith(_PIXEL):
            return self._of_pixel(self._pixels.from_json(body)["pixel"])
        document = self._messages.from_json(body)
        date.fromisoformat(document["data"]["day"])
        moment = datetime.fromisoformat(document["occurred_at"])
        accepted_at = moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
        reason = EXCLUDED if document["data"].get("excluded") else ""
        return Message(document["id"], accepted_at, document["correlation_id"], document["data"], reason)

    def _of_pixel(self, hit: dict[str, Any]) -> Message:
        """Return the page view of nobody: without a function, there is no one who could hash an address."""
        page = parse_page(hit["url"])
        found = self._sites.of_origin(page.origin) if page else None
        site = found or self._sites.default
        day, time = self._calendars[site.name].place(hit["at"])
        events: list[Any] = []
        if page and found:
            source = came_from(page, hit["referrer"], self._sites, found)
            events.append((time, page_name(page, self._kept), "", source, hit["title"], None))
        part = {
            "batch": hit["id"], "parts": 1, "site": site.name, "day": day, "visitor": "", "screen": "", "language": "",
            "user_agent": hit["user_agent"], "country": country_code(hit["country"]), "too_old": 0, "events": events,
        }  # fmt: skip
        return Message(hit["id"], hit["at"] / 1000, hit["id"], part, "" if found else FOREIGN)
