"""Response bodies about projects."""

import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from schemas.projects import Image, Link, ProjectStatus, Seo


class ChangeAccepted(BaseModel):
    """A promise: the change will be applied once or rejected for a reason, and `status_url` tells which."""

    id: str = Field(description="The project; of a new order, the operation.")
    operation_id: str
    status_url: str


class Applied(BaseModel):
    """A change that was applied and leaves no project to show: a purge, or a new order."""

    id: str
    operation_id: str


class Project(BaseModel):
    """A project. Lists leave out body, links, images, custom and seo; `fields` leaves out what it does not name."""

    id: str
    version: int | None = Field(default=None, description="Counts the changes; part of the ETag.")
    title: str | None = None
    slug: str | None = None
    locale: str | None = None
    summary: str | None = None
    body: str | None = Field(default=None, description="Markdown.")
    tags: list[str] | None = None
    links: list[Link] | None = None
    cover: Image | None = None
    images: list[Image] | None = None
    date: datetime.date | None = None
    end_date: datetime.date | None = None
    client: str | None = None
    status: ProjectStatus | None = None
    publish_at: AwareDatetime | None = None
    unpublish_at: AwareDatetime | None = None
    featured: bool | None = None
    position: int | None = None
    custom: dict[str, str] | None = None
    seo: Seo | None = None
    created_at: AwareDatetime | None = None
    created_by: str | None = Field(default=None, description="Id of a user; editors see it.")
    updated_at: AwareDatetime | None = None
    updated_by: str | None = Field(default=None, description="Id of a user; editors see it.")
    published_at: AwareDatetime | None = Field(default=None, description="When it was published first.")
    deleted_at: AwareDatetime | None = Field(default=None, description="Since when it is in the trash.")


class ProjectPage(BaseModel):
    """A page of projects."""

    items: list[Project]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last one.")


class ProjectVersion(BaseModel):
    """An entry of a project's history."""

    version: int
    title: str
    status: ProjectStatus
    updated_at: AwareDatetime
    updated_by: str


class ProjectVersionPage(BaseModel):
    """A page of the versions that are kept, newest first."""

    items: list[ProjectVersion]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last one.")


class FieldChange(BaseModel):
    """A change of one field."""

    pointer: str = Field(description="JSON Pointer (RFC 6901) into the project.")
    before: Any = Field(default=None, description="Absent where there was nothing.")
    after: Any = Field(default=None, description="Absent where there is nothing.")


class ProjectDiff(BaseModel):
    """What changed from one version to another."""

    version: int
    against: int
    changes: list[FieldChange]


class Preview(BaseModel):
    """A link that shows a project to whoever has it."""

    url: str
    token: str = Field(description="The link's `preview`, for pages that ask the API themselves.")
    expires_at: AwareDatetime
