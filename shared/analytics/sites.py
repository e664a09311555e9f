"""The sites that a stage counts visits of: by the origins of their pages."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shared.http.cors import origin_pattern


class Site(NamedTuple):
    """A site: its name, the origins of its pages as in `sitewire.toml`, and its time zone."""

    name: str
    origins: tuple[str, ...]
    time_zone: str


class Sites:
    """Sites of a stage, of which no two share an origin.

    Parameters
    ----------
    sites
        The sites; the first is the one that is meant where none is named.
    """

    def __init__(self, sites: Iterable[Site]) -> None:
        self._sites = {site.name: site for site in sites}
        self._patterns = [
            (re.compile("|".join(map(origin_pattern, site.origins)) or "(?!)"), site) for site in self._sites.values()
        ]
        self._hosts = {
            host_of(origin).removeprefix("www."): site for site in self._sites.values() for origin in site.origins
        }

    def __iter__(self) -> Iterator[Site]:
        return iter(self._sites.values())

    @property
    def default(self) -> Site:
        """Return the site that is meant where none is named."""
        return next(iter(self._sites.values()))

    def get(self, name: str) -> Site | None:
        """Return the site of a name."""
        return self._sites.get(name)

    def of_origin(self, origin: str) -> Site | None:
        """Return the site to whose pages an origin belongs, such as `https://example.org`."""
        return next((site for pattern, site in self._patterns if pattern.fullmatch(origin)), None)

    def of_url(self, url: str) -> Site | None:
        """Return the site to which a page belongs, by its absolute URL."""
        scheme, separator, rest = url.partition("://")
        authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
        return self.of_origin(f"{scheme}{separator}{authority}".lower())

    def of_host(self, host: str) -> Site | None:
        """Return the site that has pages on a host, whatever the port, with `www.` or without."""
        return self._hosts.get(host.removeprefix("www."))


def host_of(origin: str) -> str:
    """Return the host in an origin."""
    return origin.partition("://")[2].partition(":")[0]


def format_sites(sites: Iterable[Site]) -> str:
    """Return the setting from which `parse_sites` reads the same sites."""
    return json.dumps([site._asdict() for site in sites], separators=(",", ":"))


def parse_sites(text: str) -> Sites:
    """Return the sites in a setting."""
    return Sites(
        Site(entry["name"], tuple(entry["origins"]), entry["time_zone"]) for entry in json.loads(text)
    )  # fmt: skip
