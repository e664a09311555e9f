"""A project's entries in the index: one for each way in which a list can be narrowed to it.

Every combination of year, featured and tag has an index partition of its own, so that any list is one key condition,
whose cost is that of the page. An entry carries what a list shows: all but the fields that only one project's page
needs.
"""

import itertools
import json
import unicodedata
from typing import Any

from shared.projects.project import Project
from shared.projects.views import listed
from shared.table import keys

_TITLE_LENGTH = 80
_BEFORE_LETTERS = "\t"
"""Stands behind a title: no title has it, and it sorts before all that they have, so that Zoo comes before Zoo 2."""


def entries(project: Project) -> dict[str, dict[str, Any]]:
    """Return a project's entries by facet, each with keys and the listed part of the document."""
    document = project.document
    text = json.dumps(listed(document), separators=(",", ":"), ensure_ascii=False)
    shown = {**sort_keys(document), "document": text}
    return {
        facet: {
            **keys.project_entry(project.id, facet),
            "GSI1PK": keys.project_list(project.listed_as, document["locale"], facet),
            **shown,
        }
        for facet in _facets(project)
    }


def sort_keys(document: dict[str, Any]) -> dict[str, str]:
    """Return a project's places in a list, by position, date and title; the id at the end makes each the only one."""
    created, identity = document["created_at"], document["id"]
    return {
        "GSI1SK": f"{document['position']:09d}#{created}#{identity}",
        "GSI2SK": f"{day(document)}#{created}#{identity}",
        "GSI3SK": f"{_folded(document['title'])}{_BEFORE_LETTERS}{identity}",
    }


def day(document: dict[str, Any]) -> str:
    """Return the day that a project is dated by: its own date, or else the day it was created."""
    return str(document.get("date", document["created_at"][:10]))


def _facets(project: Project) -> list[str]:
    if project.is_trashed:
        return [keys.projects_facet()]
    document = project.document
    years = ("", day(document)[:4])
    marks = (False, True) if document["featured"] else (False,)
    tags = ("", *dict.fromkeys(tag.casefold() for tag in document["tags"]))
    return [
        keys.projects_facet(year=year, featured=featured, tag=tag)
        for year, featured, tag in itertools.product(years, marks, tags)
    ]


def _folded(title: str) -> str:
    """Return a title as it sorts: without regard to case and accents."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    return "".join(letter for letter in folded if not unicodedata.combining(letter))[:_TITLE_LENGTH]
