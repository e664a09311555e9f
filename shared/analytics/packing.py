"""Turn the events of a request into those that travel: checked against their site, without what nobody counts."""

from typing import Any, NamedTuple

from shared.analytics.dimensions import named
from shared.analytics.pages import came_from, page_name, parse_page
from shared.analytics.parts import moment_of
from shared.analytics.sites import Site, Sites
from shared.analytics.times import milliseconds
from shared.problems import FieldError, InvalidRequestError, json_pointer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    # They import Pydantic and msgspec.
    from schemas.analytics import AnalyticsEvent
    from schemas.analytics_messages import PackedEvent

LONGEST_VALUE = 200
"""Characters of a property's value."""


class Packed(NamedTuple):
    """The events of a request that did not happen too long ago, each with its moment, and their site."""

    site: Site
    events: "list[tuple[int, PackedEvent]]"


class Packer:
    """Packs the events of requests to one stage.

    Parameters
    ----------
    sites
        The stage's sites.
    kept
        Names of the parameters that tell pages apart.
    """

    def __init__(self, sites: Sites, kept: tuple[str, ...]) -> None:
        self._sites = sites
        self._kept = frozenset(kept)

    def pack(self, events: "Sequence[AnalyticsEvent]", *, site: Site | None, arrival: int) -> Packed:
        """Return the events of a request as they travel.

        Parameters
        ----------
        events
            The validated events, at least one.
        site
            The site that sent them; None where that is not known, and the first event's page tells it.
        arrival
            When the request arrived, in milliseconds since the epoch.

        Raises
        ------
        InvalidRequestError
            When pages are of no site or of another, or page views have what only events have, or the reverse.
        """
        errors: list[FieldError] = []
        packed: list[tuple[int, PackedEvent]] = []
        for place, event in enumerate(events):
            errors += _contradictions(event, place)
            page = parse_page(event["url"])
            found = self._sites.of_origin(page.origin) if page else None
            site = site or found
            if page is None or found is None or found != site:
                errors.append(FieldError(_pointer(place, "url"), "Must be a page of the site that sends it."))
                continue
            occurred_at = milliseconds(event["occurred_at"]) if "occurred_at" in event else None
            moment = moment_of(occurred_at, arrival, place)
            if moment is None:
                continue
            source = came_from(page, event.get("referrer", ""), self._sites, found)
            name, title = named(event.get("name", "")), named(event.get("title", ""))
            packed.append((moment, (0, page_name(page, self._kept), name, source, title, _texts(event))))
        if errors or site is None:
            raise InvalidRequestError("The request contradicts itself or its site.", errors=tuple(errors))
        return Packed(site, packed)


def _contradictions(event: "AnalyticsEvent", place: int) -> list[FieldError]:
    if event["type"] == "event":
        return [] if "name" in event else [FieldError(_pointer(place, "name"), "An event has a name.")]
    names = [name for name in ("name", "props") if name in event]
    return [FieldError(_pointer(place, name), "A page view has none; an event has.") for name in names]


def _pointer(place: int, name: str) -> str:
    return json_pointer("events", place, name)


def _texts(event: "AnalyticsEvent") -> dict[str, str] | None:
    properties = event.get("props")
    return {name: _text(value) for name, value in properties.items()} if properties else None


def _text(value: Any) -> str:  # noqa: ANN401  what JSON calls a scalar
    """Return a property's value as JSON writes it, a string without its quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:LONGEST_VALUE]
