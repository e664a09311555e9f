"""What is kept of the addresses that pages send: which page it was, and where its visitor came from."""

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from shared.analytics.dimensions import UTM, named
from shared.analytics.sites import Site, Sites

TYPE_CHECKING = False
if TYPE_CHECKING:
    # It imports msgspec.
    from schemas.analytics_messages import Source

LONGEST_ADDRESS = 300
"""Characters of a page or a referrer; what is longer is cut."""

LONGEST_TAG = 100
"""Characters of a campaign's tag."""

_SOURCES = ("utm_source", "ref", "source")
"""Parameters that name where a visitor came from; the first that says something counts."""

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# A text becomes part of a row's key, in which tabs separate, and of a report, which a terminal may show.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

Query = tuple[tuple[str, str], ...]


class Page(NamedTuple):
    """An address, taken apart: `origin` as browsers write one, `path`, and the decoded `query`."""

    origin: str
    path: str
    query: Query


def parse_page(url: str) -> Page | None:
    """Return what a page's URL consists of; None where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    authority = parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ":"))
    query = tuple(parse_qsl(parts.query)) if parts.query else ()
    return Page(f"{scheme}://{authority}", _without_slash(parts.path) or "/", query)


def page_name(page: Page, kept: frozenset[str]) -> str:
    """Return by what a page is called in reports: its path, with those parameters that tell pages apart."""
    if page.query and (told := sorted(pair for pair in page.query if pair[0] in kept)):
        return f"{page.path}?{urlencode(told)}"[:LONGEST_ADDRESS]
    return page.path[:LONGEST_ADDRESS]


def came_from(page: Page, referrer: str, sites: Sites, site: Site) -> "Source | None":
    """Return where a visitor came from; None where that is the site itself, or nothing is known."""
    tags = _tags(page.query) if page.query else None
    outside = referrer_name(referrer, sites, site) if referrer else ""
    if tags is None:
        return (outside, "", "", "", "", "") if outside else None
    return (outside, *tags)


def referrer_name(referrer: str, sites: Sites, site: Site) -> str:
    """Return by what a referrer is called in reports, host and path; nothing where it is the site itself or no URL."""
    try:
        parts = urlsplit(referrer)
        host = named((parts.hostname or "").removeprefix("www."))
    except ValueError:
        return ""
    if not host or sites.of_host(host) == site:
        return ""
    return f"{host}{_without_slash(parts.path)}"[:LONGEST_ADDRESS]


def one_line(text: str) -> str:
    """Return a text without control characters and without spaces at its ends."""
    return _CONTROLS.sub(" ", text).strip()


def _tags(query: Query) -> tuple[str, str, str, str, str] | None:
    found: dict[str, str] = {}
    for name, value in query:
        if name not in found and (text := one_line(value)[:LONGEST_TAG].rstrip()):
            found[name] = named(text)
    source = next((found[name] for name in _SOURCES if name in found), "")
    medium, campaign, term, content = (found.get(name, "") for name in UTM[1:])
    tags = (source, medium, campaign, term, content)
    return tags if any(tags) else None


def _without_slash(path: str) -> str:
    return path.rstrip("/")
