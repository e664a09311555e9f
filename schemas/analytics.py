"""Page views and events: what pages send, and the message in which they travel to the worker.

As in `schemas.requests`, constraints are declarative only: both are compiled.
"""

from typing import Annotated, Literal, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field, with_config

from schemas.text import EVENT_NAME, RECORD_ID, SCREEN_SIZE, UUID, UUID7, LanguageTag, WebUrl, line

MOST_EVENTS = 100
"""Events in a request."""

DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

_STRICT_SHAPE = ConfigDict(extra="forbid", str_strip_whitespace=True)

_Name = Annotated[str, Field(min_length=1, max_length=64, pattern=EVENT_NAME)]
_Property = (
    Annotated[str, line(max_length=200)]
    | Annotated[bool, Field(strict=True)]
    | Annotated[int, Field(strict=True)]
    | Annotated[float, Field(allow_inf_nan=False)]
)


@with_config(_STRICT_SHAPE)
class AnalyticsEvent(TypedDict):
    """A page view, or something that a visitor did on a page."""

    type: Literal["pageview", "event"]
    url: Annotated[WebUrl, Field(description="The page; it belongs to a site of this stage.")]
    referrer: NotRequired[Annotated[str, line(max_length=2048), Field(description="As `document.referrer` says.")]]
    title: NotRequired[Annotated[str, line(max_length=300)]]
    name: NotRequired[Annotated[_Name, Field(description="Of an event; a page view has none.")]]
    props: NotRequired[Annotated[dict[_Name, _Property], Field(max_length=20, description="Of an event.")]]
    screen: NotRequired[
        Annotated[str, Field(pattern=SCREEN_SIZE, description="Width and height in CSS pixels: 1920x1080.")]
    ]
    language: NotRequired[LanguageTag]
    occurred_at: NotRequired[
        Annotated[AwareDatetime, Field(strict=True, description="When; where it is absent, when it arrived.")]
    ]


@with_config(_STRICT_SHAPE)
class AnalyticsRequest(TypedDict):
    """What one page view or several, and events, of one visitor are sent in."""

    id: NotRequired[
        Annotated[
            str, Field(pattern=UUID7, description="UUIDv7 of the batch: sent again with the same, it is counted once.")
        ]
    ]
    events: Annotated[list[AnalyticsEvent], Field(min_length=1, max_length=MOST_EVENTS)]


Source = tuple[str, str, str, str, str, str]
"""Where a visitor came from: referrer, `utm_source`, `utm_medium`, `utm_campaign`, `utm_term`, `utm_content`."""

PackedEvent = tuple[
    Annotated[int, Field(ge=0, lt=26 * 3600 * 1000)], str, str, Source | None, str, dict[str, str] | None
]
"""An event as it travels: milliseconds since the site's midnight, page, name (empty for a page view), where the visitor
came from (None where that is the site itself, or nothing is known), title, properties."""


class AnalyticsPart(TypedDict):
    """Events of one visitor on one day of one site: all of a request, or a part of it.

    `visitor` is empty where none is known, as of the pixel. `too_old` counts events that are in no part. Of a visitor
    whose address the stage excludes there is nothing but `excluded`, which is absent from all other messages.
    """

    batch: str
    parts: Annotated[int, Field(ge=1, le=MOST_EVENTS)]
    site: Annotated[str, Field(min_length=1)]
    day: Annotated[str, Field(pattern=DAY)]
    visitor: str
    user_agent: str
    country: str
    screen: str
    language: str
    too_old: Annotated[int, Field(ge=0)]
    excluded: NotRequired[bool]
    events: Annotated[list[PackedEvent], Field(max_length=MOST_EVENTS)]


class AnalyticsMessage(TypedDict):
    """`RecordAnalytics`, in the envelope of every event; it goes straight to its one consumer's queue.

    Its id is the batch's, and of the second part and those that follow derived from that.
    """

    id: Annotated[str, Field(pattern=RECORD_ID)]
    name: Literal["RecordAnalytics"]
    version: Literal[1]
    occurred_at: str
    correlation_id: str
    data: AnalyticsPart


class PixelHit(TypedDict):
    """A page view without a script, as API Gateway tells it; `at` is in milliseconds since the epoch."""

    id: Annotated[str, Field(pattern=UUID)]
    url: Annotated[str, Field(max_length=2048)]
    referrer: Annotated[str, Field(max_length=2048)]
    title: Annotated[str, Field(max_length=300)]
    user_agent: Annotated[str, Field(max_length=512)]
    country: Annotated[str, Field(max_length=8)]
    at: Annotated[int, Field(ge=0, lt=10**14)]


class PixelMessage(TypedDict):
    """What a request for the pixel is in the queue."""

    pixel: PixelHit
