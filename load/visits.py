"""Made-up visits to a site, as the ingest function sends them: the same for the same seed."""

import json
import random
from typing import Any

SITE, DAY, DAY_BEFORE = "example.org", "2026-11-27", "2026-11-26"
PAGES = 200
"""Of the site, unless another number is asked for; a fifth as many other sites refer to it."""
_REFERRING_SHARE, _CAMPAIGNS = 5, 5
EVENTS_A_MESSAGE = 10
VISITORS_A_DAY = 10_000
MESSAGES_A_SECOND = 10
NEWCOMERS, PRESENT = 0.6, 100
"""The share of messages that are of a new visitor; the others are of one of the last so many."""
DIRECT_SHARE = 0.4

_COUNTRIES = ("DE", "US", "GB", "FR", "NL", "AT", "CH", "ES", "IT", "PL", "SE", "IN")
_LANGUAGES = ("de", "en", "en-US", "en-GB", "fr", "nl", "es", "it", "pl", "sv")
_SCREENS = ("phone", "tablet", "laptop", "desktop")
_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_AGENTS = tuple(
    template.format(version)
    for version in range(120, 130)
    for template in (
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/{{}}.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
        f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/{{}}.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
        "Mobile/15E148 Safari/604.1",
    )
)
_EVENT_SHARE = 0.1
_START_MS = 8 * 3600 * 1000


class Visits:
    """A day of a site: what its visitors' browsers send, in the order in which it arrives.

    Parameters
    ----------
    seed
        Of all that is drawn.
    events_a_message
        Page views and events in each message.
    pages
        Pages of the site.
    """

    def __init__(self, *, seed: int = 1, events_a_message: int = EVENTS_A_MESSAGE, pages: int = PAGES) -> None:
        self._pages, self._referrers = pages, pages // _REFERRING_SHARE
        self._random = random.Random(seed)  # noqa: S311  made-up visits are no secret
        self._events = events_a_message
        self._sent = self._visitors = 0
        self._weights = [1 / (place + 1) for place in range(max(pages, len(_AGENTS)))]

    def messages(self, number: int) -> list[dict[str, Any]]:
        """Return the next messages, as `schemas.analytics_messages.AnalyticsMessage` declares them."""
        return [self._message() for _ in range(number)]

    def _message(self) -> dict[str, Any]:
        draw = self._random
        now = _START_MS + self._sent * 1000 // MESSAGES_A_SECOND
        if not self._sent or draw.random() < NEWCOMERS:
            self._visitors += 1
            visitor = self._visitors
        else:
            visitor = draw.randint(max(1, self._visitors - PRESENT), self._visitors)
        self._sent += 1
        # What describes a visitor is always the same.
        traits = random.Random(visitor)  # noqa: S311
        milliseconds = 1_795_737_600_000 + now
        identifier = f"{milliseconds << 80 | 7 << 76 | draw.getrandbits(76) & ~(3 << 62) | 2 << 62:032x}"
        identifier = "-".join(
            (identifier[:8], identifier[8:12], "7" + identifier[13:16], identifier[16:20], identifier[20:])
        )
        return {
            "id": identifier,
            "name": "RecordAnalytics",
            "version": 1,
            "occurred_at": f"{DAY}T{now // 3_600_000:02d}:{now // 60_000 % 60:02d}:{now // 1000 % 60:02d}.000Z",
            "correlation_id": identifier,
            "data": {
                "batch": identifier,
                "parts": 1,
                "site": SITE,
                "day": DAY,
                "visitor": f"{traits.getrandbits(96):024x}"[:16],
                "user_agent": traits.choices(_AGENTS, self._weights[: len(_AGENTS)])[0],
                "country": traits.choices(_COUNTRIES, self._weights[: len(_COUNTRIES)])[0],
                "screen": traits.choice(_SCREENS),
                "language": traits.choices(_LANGUAGES, self._weights[: len(_LANGUAGES)])[0],
                "events": [self._event(now + 1000 * place, first=not place) for place in range(self._events)],
            },
        }

    def _event(self, time: int, *, first: bool) -> tuple[Any, ...]:
        draw = self._random
        number = draw.choices(range(self._pages), self._weights[: self._pages])[0]
        page, title = f"/articles/{number}-on-the-analytical-engine", f"On the Analytical Engine, part {number}"
        if draw.random() < _EVENT_SHARE:
            return time, page, "signup", None, "", {"plan": draw.choice(("free", "pro"))}
        return time, page, "", self._source() if first else None, title, None

    def _source(self) -> tuple[str, ...] | None:
        draw = self._random
        if draw.random() < DIRECT_SHARE:
            return None
        number = draw.choices(range(self._referrers), self._weights[: self._referrers])[0]
        if number < _CAMPAIGNS:
            return "", "newsletter", "email", f"campaign-{number}", "", ""
        return f"site-{number}.example/links", "", "", "", "", ""


def sqs_event(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Return messages as Lambda's poller hands them over."""
    return {
        "Records": [
            {
                "messageId": f"record-{place}",
                "body": json.dumps(message, separators=(",", ":")),
                "attributes": {"ApproximateReceiveCount": "1"},
            }
            for place, message in enumerate(messages)
        ]
    }
