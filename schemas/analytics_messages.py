"""The messages in which page views and events travel to the worker that counts them.

They are msgspec's structures and no models of Pydantic, since they are read by the ten thousand: a message is decoded
and checked in half the time, and neither library has to be told twice what it consists of.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.identities import RECORD_ID, UUID

MOST_EVENTS = 100
"""Events in a request."""

Source = tuple[str, str, str, str, str, str]
"""Where a visitor came from: referrer, `utm_source`, `utm_medium`, `utm_campaign`, `utm_term`, `utm_content`."""

PackedEvent = tuple[
    Annotated[int, Meta(ge=0, lt=26 * 3600 * 1000)], str, str, Source | None, str, dict[str, str] | None
]
"""An event as it travels: milliseconds since the site's midnight, page, name (empty for a page view), where the visitor
came from (None where that is the site itself, or nothing is known), title, properties."""


# As Python reads patterns, "$" is also before a line break at the end: so the length is bounded as well.
_MessageId = Annotated[str, Meta(pattern=RECORD_ID, max_length=36)]
_PixelId = Annotated[str, Meta(pattern=UUID, max_length=36)]


class AnalyticsPart(Struct, frozen=True, gc=False):
    """Events of one visitor on one day of one site: all of a request, or a part of it.

    `cut` tells the parts of a request from those of the same request when it is repeated, and cut otherwise; it is
    empty where there is one part. `visitor` is empty where none is known, as of the pixel. Of a visitor whose address
    the stage excludes there is nothing but `excluded`, which is absent from all other messages.
    """

    batch: str
    parts: Annotated[int, Meta(ge=1, le=MOST_EVENTS)]
    site: Annotated[str, Meta(min_length=1)]
    day: str
    visitor: str
    user_agent: str
    country: str
    screen: str
    language: str
    events: Annotated[list[PackedEvent], Meta(max_length=MOST_EVENTS)]
    excluded: bool = False
    cut: Annotated[str, Meta(max_length=16)] = ""


class AnalyticsMessage(Struct, frozen=True, gc=False):
    """`RecordAnalytics`, in the envelope of every event; it goes straight to its one consumer's queue.

    Its id is the batch's, and of the second part and those that follow derived from that.
    """

    id: _MessageId
    name: Literal["RecordAnalytics"]
    version: Literal[1]
    occurred_at: Annotated[datetime, Meta(tz=True)]
    correlation_id: str
    data: AnalyticsPart


class PixelHit(Struct, frozen=True):
    """A page view without a script, as API Gateway tells it; `at` is in milliseconds since the epoch."""

    id: _PixelId
    url: Annotated[str, Meta(max_length=2048)]
    referrer: Annotated[str, Meta(max_length=2048)]
    title: Annotated[str, Meta(max_length=300)]
    user_agent: Annotated[str, Meta(max_length=512)]
    country: Annotated[str, Meta(max_length=8)]
    at: Annotated[int, Meta(ge=0, lt=10**14)]


class PixelMessage(Struct, frozen=True):
    """What a request for the pixel is in the queue."""

    pixel: PixelHit
