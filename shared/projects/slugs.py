"""Slugs: what names a project in URLs."""

from collections.abc import Callable

from slugify import slugify

from shared.ids import is_well_formed
from shared.projects.project import Slug

LENGTH = 100
_NUMBERED = 50

RESERVED = frozenset({"order"})
"""Paths below /api/projects that are no project: API Gateway would take a slug of the same name for them."""

Owner = Callable[[Slug], str | None]
"""From a slug to the id of the project that has or had it."""


def made_from(title: str, locale: str, *, project_id: str, owner: Owner) -> str:
    """Return a slug for a title that no other project of the locale has: numbered where it must be."""
    stem = slugify(title, max_length=LENGTH - 5, word_boundary=True) or "project"
    candidates = [stem, *(f"{stem}-{number}" for number in range(2, _NUMBERED))]
    for slug in candidates:
        if is_free(slug, locale, project_id=project_id, owner=owner):
            return slug
    return f"{stem[:60].rstrip('-')}-{project_id}"


def is_free(slug: str, locale: str, *, project_id: str, owner: Owner) -> bool:
    """Tell whether a project may have a slug; one that looks like an id would hide that project."""
    return slug not in RESERVED and not is_well_formed(slug) and owner((locale, slug)) in {None, project_id}
