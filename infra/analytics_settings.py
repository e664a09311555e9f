"""The section `analytics` of a stage: which sites there are, and what is counted of their visits."""

import zoneinfo
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from infra.sections import Origin, Section


def _known_zone(name: str) -> str:
    if name and name not in zoneinfo.available_timezones():
        message = f"there is no time zone {name}"
        raise ValueError(message)
    return name


TimeZone = Annotated[
    str,
    StringConstraints(min_length=1),
    AfterValidator(_known_zone),
    Field(description="a time zone of the IANA database such as Europe/Berlin, whose midnight begins a day"),
]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{0,64}$")]
ParameterName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9._~-]{1,64}$"),
    Field(description="a parameter's name such as q"),
]


def _network(text: str) -> str:
    """Return a network as `shared.analytics.exclusion` reads it."""
    return str(ip_network(text))


Network = Annotated[
    str,
    AfterValidator(_network),
    Field(description="an IP address such as 192.0.2.7, or a network such as 2001:db8::/32"),
]


class AnalyticsSite(Section):
    """A site whose visits are counted by themselves."""

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$", description="lower-case letters, digits, dots and dashes; part of keys"
    )
    origins: tuple[Origin, ...] = Field(min_length=1, description="those of `allowed_origins` that are its pages'")
    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="", description="its own time zone such as Europe/Berlin; the section's where absent"
    )


class Analytics(Section):
    """What is counted of visits, and how."""

    time_zone: TimeZone = "UTC"
    query_parameters: tuple[ParameterName, ...] = Field(
        default=(), max_length=50, description="parameters that tell pages apart, such as q; all others are dropped"
    )
    country_header: HeaderName = Field(
        default="CloudFront-Viewer-Country", description="request header with the visitor's country, two letters"
    )
    address_header: HeaderName = Field(
        default="",
        description="request header with the visitor's address, where a proxy of your own stands before the API and "
        "sets it; empty for the address that API Gateway sees",
    )
    excluded_addresses: tuple[Network, ...] = Field(
        default=(),
        max_length=50,
        description="IP addresses such as 192.0.2.7, and networks such as 2001:db8::/32, whose visits are not counted: "
        "your own; the pixel knows no address, and counts them",
    )
    sites: tuple[AnalyticsSite, ...] = Field(
        default=(),
        max_length=20,
        description="tables [[...]], one per site; without any, all allowed origins are one site",
    )
