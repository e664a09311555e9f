"""Messages of page views and events, as the worker takes them out of their queue."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

import msgspec

from schemas.analytics_messages import AnalyticsMessage, AnalyticsPart, PackedEvent, PixelHit, PixelMessage
from shared.analytics.dimensions import named
from shared.analytics.pages import came_from, one_line, page_name, parse_page
from shared.analytics.receipts import EXCLUDED, FOREIGN
from shared.analytics.sites import Sites
from shared.analytics.times import Calendar
from shared.analytics.visitors import country_code

_PIXEL = '{"pixel"'

_read_message = msgspec.json.Decoder(AnalyticsMessage).decode
_read_pixel = msgspec.json.Decoder(PixelMessage).decode


class UnreadableMessageError(ValueError):
    """Raised when a message is none of this queue's; it says where, and never what it holds."""


class Message(NamedTuple):
    """A message.

    `accepted_at` is in seconds since the epoch; `reason` says why it is not to be counted, where that is known already.
    """

    id: str
    accepted_at: float
    correlation_id: str
    part: AnalyticsPart
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

    def read(self, body: str) -> Message:
        """Return the message in a body.

        Raises
        ------
        UnreadableMessageError
            When it is none.
        """
        try:
            if body.startswith(_PIXEL):
                return self._of_pixel(_read_pixel(body).pixel)
            message = _read_message(body)
            _check_day(message.data.day)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise UnreadableMessageError(str(error)) from None
        part = message.data
        reason = EXCLUDED if part.excluded else ""
        return Message(message.id, message.occurred_at.timestamp(), message.correlation_id, part, reason)

    def _of_pixel(self, hit: PixelHit) -> Message:
        """Return the page view of nobody: without a function, there is no one who could hash an address."""
        # Of what the script sends, the ingest function refuses what is not one line.
        url, referrer, title = map(one_line, (hit.url, hit.referrer, hit.title))
        page = parse_page(url)
        found = self._sites.of_origin(page.origin) if page else None
        site = found or self._sites.default
        day, time = self._calendars[site.name].place(hit.at)
        events: list[PackedEvent] = []
        if page and found:
            source = came_from(page, referrer, self._sites, found)
            events.append((time, page_name(page, self._kept), "", source, named(title), None))
        part = AnalyticsPart(
            batch=hit.id, parts=1, site=site.name, day=day, visitor="", user_agent=hit.user_agent,
            country=country_code(hit.country), screen="", language="", events=events,
        )  # fmt: skip
        return Message(hit.id, hit.at / 1000, hit.id, part, "" if found else FOREIGN)


@lru_cache(maxsize=100)
def _check_day(day: str) -> None:
    if date.fromisoformat(day).isoformat() != day:
        message = "a day is written as 2026-01-31"
        raise ValueError(message)
