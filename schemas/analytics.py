"""Page views and events as pages send them.

As in `schemas.requests`, constraints are declarative only, and compiled.
"""

from typing import Annotated, Any, Literal, NamedTuple, NotRequired, TypedDict, cast

from pydantic import AwareDatetime, ConfigDict, Field, GetCoreSchemaHandler, with_config
from pydantic_core import CoreSchema

from schemas.analytics_messages import MOST_EVENTS
from schemas.identities import UUID7
from schemas.text import EVENT_NAME, SCREEN_SIZE, LanguageTag, WebUrl, line

_STRICT_SHAPE = ConfigDict(extra="forbid", str_strip_whitespace=True)

_Name = Annotated[str, Field(min_length=1, max_length=64, pattern=EVENT_NAME)]


class _Told(NamedTuple):
    """What is said of a value that is of none of several types, in place of what is wrong with it as each."""

    message: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        told: Any = {"custom_error_type": "none_of_several", "custom_error_message": self.message}
        return cast("CoreSchema", handler(source) | told)


_Property = Annotated[
    Annotated[str, line(max_length=200)]
    | Annotated[bool, Field(strict=True)]
    | Annotated[int, Field(strict=True)]
    | Annotated[float, Field(allow_inf_nan=False)],
    _Told("Must be a line of text of at most 200 characters, a number, or true or false."),
]


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
