"""What a list of projects is asked for."""

import re
from typing import NamedTuple

from shared.http.queries import flag, invalid, page_size
from shared.http.request import Request
from shared.projects.views import LISTED
from shared.table import keys
from shared.table.project_lists import ORDERS, Order

STATUSES = ("draft", "published", "archived")
_TRASHED = "trashed"
_YEAR = re.compile("[0-9]{4}")
_LOCALE = re.compile("[A-Za-z0-9-]{2,11}")
_LONGEST_TAG = 50


class ListQuery(NamedTuple):
    """A list as it was asked for; `locale` is None for all, `fields` is None for all that lists show."""

    statuses: tuple[str, ...]
    locale: str | None
    facet: str
    order: Order
    limit: int
    cursor: str | None
    fields: frozenset[str] | None


def read_list_query(request: Request, *, is_editor: bool) -> ListQuery:
    """Return what a request asks for.

    Raises
    ------
    InvalidRequestError
        When a parameter is not valid.
    """
    facet = _facet(request)
    statuses = _statuses(request, is_editor=is_editor)
    if _TRASHED in statuses and facet != keys.projects_facet():
        raise invalid("status", "The trash can't be narrowed by tag, year or featured.")
    return ListQuery(
        statuses=statuses,
        locale=read_locale(request),
        facet=facet,
        order=_order(request),
        limit=page_size(request),
        cursor=request.query.get("cursor"),
        fields=read_fields(request, LISTED),
    )


def read_fields(request: Request, known: tuple[str, ...]) -> frozenset[str] | None:
    """Return the fields that `fields` names, separated by commas; None where it is absent."""
    raw = request.query.get("fields")
    if raw is None:
        return None
    fields = frozenset(filter(None, (name.strip() for name in raw.split(","))))
    if not fields or not fields <= set(known):
        raise invalid("fields", f"Must be some of {', '.join(known)}, separated by commas.")
    return fields


def read_locale(request: Request) -> str | None:
    """Return the locale that `locale` names; None where it is absent."""
    locale = request.query.get("locale")
    if locale is not None and not _LOCALE.fullmatch(locale):
        raise invalid("locale", "Must be a language tag such as de or pt-BR.")
    return locale


def _statuses(request: Request, *, is_editor: bool) -> tuple[str, ...]:
    """Return the statuses asked for, of those that the caller may see."""
    known, status = (*STATUSES, _TRASHED), request.query.get("status")
    if status is not None and status not in known:
        raise invalid("status", f"Must be one of {', '.join(known)}.")
    asked = STATUSES if status is None else (status,)
    return asked if is_editor else tuple(name for name in asked if name == "published")


def _facet(request: Request) -> str:
    year, tag = request.query.get("year", ""), request.query.get("tag", "").strip()
    if "year" in request.query and not _YEAR.fullmatch(year):
        raise invalid("year", "Must be four digits.")
    if "tag" in request.query and not 1 <= len(tag) <= _LONGEST_TAG:
        raise invalid("tag", f"Must be 1 to {_LONGEST_TAG} characters.")
    featured = flag(request, "featured")
    if featured is False:
        raise invalid("featured", "Must be true, or be left out: there is no list of those that are not.")
    return keys.projects_facet(year=year, featured=bool(featured), tag=tag)


def _order(request: Request) -> Order:
    raw = request.query.get("sort", "position")
    name = raw.removeprefix("-")
    if name not in ORDERS:
        raise invalid("sort", f"Must be one of {', '.join(ORDERS)}, with - before it for the largest first.")
    return Order(name, descending=raw.startswith("-"))
