"""A project as it is at one moment."""

from calendar import timegm
from time import strptime
from typing import Any, NamedTuple

from shared.clock import timestamp

TRASH_DAYS = 30
"""How long a deleted project can be restored."""

KEPT_VERSIONS = 50
"""How many versions of a project can be read, the newest included."""

KEPT_SLUGS = 20
"""How many former slugs of a project lead to it."""

LARGEST_CONTENT = 400_000
"""Bytes of JSON that a content may have; an item of the table holds 409,600, keys and former slugs included."""

CONTENT = (
    "title", "slug", "locale", "summary", "body", "tags", "links", "cover", "images", "date", "end_date", "client",
    "status", "publish_at", "unpublish_at", "featured", "position", "custom", "seo",
)  # fmt: skip
"""The fields that editors write, as `schemas.projects.ProjectContent` declares them."""

DEFAULTS: dict[str, Any] = {
    "status": "draft", "featured": False, "position": 0, "tags": [], "links": [], "images": [], "custom": {}, "seo": {},
}  # fmt: skip
"""What a project has of the fields that are never absent."""

Slug = tuple[str, str]
"""A locale, and what names one project in it."""


class Project(NamedTuple):
    """A project.

    Parameters
    ----------
    document
        What the API answers: the content, `id`, `version`, who created and changed it when, `published_at` once it
        was, `deleted_at` while it is in the trash.
    revision
        Counts every write; `version` counts those that an editor must know of.
    placed
        When its position was asked for: the time and id of that command, which sort as they follow.
    former
        Slugs that it had, oldest first; they still lead to it.
    """

    document: dict[str, Any]
    revision: int = 0
    placed: str = ""
    former: tuple[Slug, ...] = ()

    @property
    def id(self) -> str:
        """Return its id."""
        return str(self.document["id"])

    @property
    def version(self) -> int:
        """Return its version."""
        return int(self.document["version"])

    @property
    def slug(self) -> Slug:
        """Return its locale and slug."""
        return self.document["locale"], self.document["slug"]

    @property
    def is_trashed(self) -> bool:
        """Tell whether it is in the trash."""
        return "deleted_at" in self.document

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may read it."""
        return self.document["status"] == "published" and not self.is_trashed

    @property
    def listed_as(self) -> str:
        """Return the status that it is listed under: its own, or `trashed`."""
        return "trashed" if self.is_trashed else str(self.document["status"])

    @property
    def due_at(self) -> str | None:
        """Return when something is to happen to it by itself, if anything is."""
        if self.is_trashed:
            return timestamp(_seconds(self.document["deleted_at"]) + TRASH_DAYS * 24 * 3600)
        schedule = {"draft": "publish_at", "published": "unpublish_at"}.get(self.document["status"], "")
        moment: str | None = self.document.get(schedule)
        return moment

    def content(self) -> dict[str, Any]:
        """Return what editors write of it."""
        return {name: self.document[name] for name in CONTENT if name in self.document}


class Purged(NamedTuple):
    """What is left of a project that was purged: its id, so that late commands to it are refused."""

    id: str


def _seconds(moment: str) -> int:
    return timegm(strptime(moment[:19], "%Y-%m-%dT%H:%M:%S"))
