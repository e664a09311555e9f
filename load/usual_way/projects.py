"""The job of `functions.ingest.projects`, one route of its eight: to create a project."""

import datetime
from typing import Annotated, Any, Self

from aws_lambda_powertools.event_handler import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from schemas.projects import CUSTOM_FIELDS, IMAGES, LARGEST_POSITION, LINKS, MOST_TAGS, ProjectStatus
from schemas.text import FIELD_NAME, CanonicalLocale, ContentSource, Slug, WebUrl, line, text

from .bus import publish
from .parts import app, handler, tracer

__all__ = ["handler"]

_STRICT_SHAPE = ConfigDict(extra="forbid", str_strip_whitespace=True)
_Caption = Annotated[str, line(max_length=300)]
_Pixels = Annotated[int, Field(ge=1, le=100_000, strict=True)]
_CustomName = Annotated[str, Field(min_length=1, max_length=64, pattern=FIELD_NAME)]
_CustomValue = Annotated[str, text(max_length=2000)]


class Image(BaseModel):
    """As `schemas.projects.Image`."""

    model_config = _STRICT_SHAPE

    src: ContentSource
    alt: _Caption | None = None
    caption: _Caption | None = None
    width: _Pixels | None = None
    height: _Pixels | None = None


class Link(BaseModel):
    """As `schemas.projects.Link`."""

    model_config = _STRICT_SHAPE

    url: WebUrl
    label: Annotated[str, line(max_length=200)] | None = None


class Seo(BaseModel):
    """As `schemas.projects.Seo`."""

    model_config = _STRICT_SHAPE

    title: Annotated[str, line(max_length=200)] | None = None
    description: Annotated[str, line(max_length=400)] | None = None
    image: ContentSource | None = None
    canonical_url: WebUrl | None = None
    noindex: bool | None = None


class Project(BaseModel):
    """The fields of `schemas.projects.ProjectContent`, as a model."""

    model_config = _STRICT_SHAPE

    title: Annotated[str, line(min_length=1, max_length=200)]
    slug: Slug | None = None
    locale: CanonicalLocale = "en"
    summary: Annotated[str, text(max_length=600)] | None = None
    body: Annotated[str, text(max_length=100_000)] | None = None
    tags: Annotated[list[Annotated[str, line(min_length=1, max_length=50)]], Field(max_length=MOST_TAGS)] | None = None
    links: Annotated[list[Link], Field(max_length=LINKS)] | None = None
    cover: Image | None = None
    images: Annotated[list[Image], Field(max_length=IMAGES)] | None = None
    date: datetime.date | None = None
    end_date: datetime.date | None = None
    client: Annotated[str, line(max_length=200)] | None = None
    status: ProjectStatus | None = None
    publish_at: AwareDatetime | None = None
    unpublish_at: AwareDatetime | None = None
    featured: bool | None = None
    position: Annotated[int, Field(ge=0, le=LARGEST_POSITION, strict=True)] | None = None
    custom: Annotated[dict[_CustomName, _CustomValue], Field(max_length=CUSTOM_FIELDS)] | None = None
    seo: Seo | None = None

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        if self.publish_at and self.unpublish_at and self.publish_at >= self.unpublish_at:
            message = "unpublish_at must be later than publish_at"
            raise ValueError(message)
        if self.date and self.end_date and self.date > self.end_date:
            message = "end_date must not be earlier than date"
            raise ValueError(message)
        return self


@app.post("/api/projects")
@tracer.capture_method
def create(project: Project) -> Response[dict[str, Any]]:
    """Publish the command and answer 202."""
    author = app.current_event.request_context.authorizer.get("principalId", "")
    data = {"project": project.model_dump(mode="json", exclude_none=True), "author": author}
    message_id = publish("sitewire.projects", "CreateProject", data)
    document = {"id": message_id, "operation_id": message_id}
    return Response(202, "application/json", document, headers={"Retry-After": "1"})
