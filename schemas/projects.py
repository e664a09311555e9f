"""What editors write of projects. As in `schemas.requests`, constraints are declarative only."""

from datetime import date
from typing import Annotated, Literal, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field, with_config

from schemas.text import (
    FIELD_NAME,
    CanonicalLocale,
    ContentSource,
    RecordId,
    Slug,
    WebUrl,
    line,
    text,
)

_STRICT_SHAPE = ConfigDict(extra="forbid", str_strip_whitespace=True)

LARGEST_POSITION = 999_999_999
MOST_TAGS = 10
"""A project has an entry in the index for each tag, and all of them change in one transaction."""
MOST_REORDERED = 100

ProjectStatus = Literal["draft", "published", "archived"]
IMAGES, LINKS, CUSTOM_FIELDS = 50, 20, 30

_Title = Annotated[str, line(min_length=1, max_length=200)]
_Summary = Annotated[str, text(max_length=600)]
_Body = Annotated[str, text(max_length=100_000), Field(description="Markdown.")]
_Tag = Annotated[str, line(min_length=1, max_length=50)]
_Tags = Annotated[list[_Tag], Field(max_length=MOST_TAGS, description="Compared without regard to case.")]
_Client = Annotated[str, line(max_length=200)]
_Date = Annotated[date, Field(strict=True, description="When it was done; its year is what `year` filters by.")]
_EndDate = Annotated[date, Field(strict=True, description="The last day of work that took longer.")]
_PublishAt = Annotated[AwareDatetime, Field(strict=True, description="A draft is published at this time.")]
_UnpublishAt = Annotated[AwareDatetime, Field(strict=True, description="It is archived at this time.")]
_Position = Annotated[int, Field(ge=0, le=LARGEST_POSITION, strict=True, description="Place in lists, smallest first.")]
_AltText = Annotated[str, line(max_length=300)]
_Caption = Annotated[str, line(max_length=300)]
_Pixels = Annotated[int, Field(ge=1, le=100_000, strict=True)]
_SeoTitle = Annotated[str, line(max_length=200)]
_SeoDescription = Annotated[str, line(max_length=400)]
_Flag = Annotated[bool, Field(strict=True)]
_CustomName = Annotated[str, Field(min_length=1, max_length=64, pattern=FIELD_NAME)]
_CustomValue = Annotated[str, text(max_length=2000)]


@with_config(_STRICT_SHAPE)
class Image(TypedDict):
    """A picture."""

    src: ContentSource
    alt: NotRequired[_AltText]
    caption: NotRequired[_Caption]
    width: NotRequired[_Pixels]
    height: NotRequired[_Pixels]


@with_config(_STRICT_SHAPE)
class Link(TypedDict):
    """A link to more about a project."""

    url: WebUrl
    label: NotRequired[Annotated[str, line(max_length=200)]]


@with_config(_STRICT_SHAPE)
class Seo(TypedDict):
    """What search engines and previews are told, where it differs from title and summary."""

    title: NotRequired[_SeoTitle]
    description: NotRequired[_SeoDescription]
    image: NotRequired[ContentSource]
    canonical_url: NotRequired[WebUrl]
    noindex: NotRequired[_Flag]


_Links = Annotated[list[Link], Field(max_length=LINKS)]
_Images = Annotated[list[Image], Field(max_length=IMAGES)]


@with_config(_STRICT_SHAPE)
class ProjectContent(TypedDict):
    """A project as its editor writes it, whole."""

    title: _Title
    slug: NotRequired[Annotated[Slug, Field(description="Made from the title where there is none.")]]
    locale: NotRequired[Annotated[CanonicalLocale, Field(description="The stage's own where there is none.")]]
    summary: NotRequired[_Summary]
    body: NotRequired[_Body]
    tags: NotRequired[_Tags]
    links: NotRequired[_Links]
    cover: NotRequired[Image]
    images: NotRequired[_Images]
    date: NotRequired[_Date]
    end_date: NotRequired[_EndDate]
    client: NotRequired[_Client]
    status: NotRequired[ProjectStatus]
    publish_at: NotRequired[_PublishAt]
    unpublish_at: NotRequired[_UnpublishAt]
    featured: NotRequired[_Flag]
    position: NotRequired[_Position]
    custom: NotRequired[
        Annotated[dict[_CustomName, _CustomValue], Field(max_length=CUSTOM_FIELDS, description="The site's own.")]
    ]
    seo: NotRequired[Seo]


@with_config(_STRICT_SHAPE)
class ImagePatch(TypedDict):
    """Changes of a picture; null removes."""

    src: NotRequired[ContentSource]
    alt: NotRequired[_AltText | None]
    caption: NotRequired[_Caption | None]
    width: NotRequired[_Pixels | None]
    height: NotRequired[_Pixels | None]


@with_config(_STRICT_SHAPE)
class SeoPatch(TypedDict):
    """Changes of the SEO fields; null removes."""

    title: NotRequired[_SeoTitle | None]
    description: NotRequired[_SeoDescription | None]
    image: NotRequired[ContentSource | None]
    canonical_url: NotRequired[WebUrl | None]
    noindex: NotRequired[_Flag | None]


@with_config(_STRICT_SHAPE)
class ProjectPatch(TypedDict):
    """A JSON Merge Patch (RFC 7396) of a project: what is absent stays, null removes, lists are replaced."""

    title: NotRequired[_Title]
    slug: NotRequired[Annotated[Slug | None, Field(description="null makes it from the title again.")]]
    locale: NotRequired[CanonicalLocale]
    summary: NotRequired[_Summary | None]
    body: NotRequired[_Body | None]
    tags: NotRequired[_Tags | None]
    links: NotRequired[_Links | None]
    cover: NotRequired[ImagePatch | None]
    images: NotRequired[_Images | None]
    date: NotRequired[_Date | None]
    end_date: NotRequired[_EndDate | None]
    client: NotRequired[_Client | None]
    status: NotRequired[ProjectStatus]
    publish_at: NotRequired[_PublishAt | None]
    unpublish_at: NotRequired[_UnpublishAt | None]
    featured: NotRequired[_Flag]
    position: NotRequired[_Position]
    custom: NotRequired[Annotated[dict[_CustomName, _CustomValue | None], Field(max_length=CUSTOM_FIELDS)] | None]
    seo: NotRequired[SeoPatch | None]


@with_config(_STRICT_SHAPE)
class Placement(TypedDict):
    """Where one project goes."""

    id: RecordId
    position: _Position


@with_config(_STRICT_SHAPE)
class ProjectOrder(TypedDict):
    """New places of several projects at once; the others stay where they are."""

    positions: Annotated[list[Placement], Field(min_length=1, max_length=MOST_REORDERED)]


@with_config(_STRICT_SHAPE)
class ProjectRevert(TypedDict):
    """Which earlier version a project is to be again."""

    version: Annotated[int, Field(ge=1, le=LARGEST_POSITION, strict=True)]


@with_config(_STRICT_SHAPE)
class PreviewRequest(TypedDict):
    """How long a preview link opens."""

    expires_in: NotRequired[
        Annotated[int, Field(ge=60, le=30 * 24 * 3600, strict=True, description="Seconds; a day where absent.")]
    ]
