"""What is told of a visitor: an id that nobody can trace back, and classes that many share."""

import base64
import hmac
import re

from shared.http.request import Request

LONGEST_USER_AGENT = 512
"""Characters of a user agent that travel to the worker."""

_DIGEST_BYTES = 12
_SCREENS = ((576, "phone"), (992, "tablet"), (1440, "laptop"))
_WIDEST = "desktop"
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_REGION = re.compile(r"[A-Za-z]{2}|[0-9]{3}")
_IPV6_GROUPS = 8


def visitor_id(salt: bytes, *, site: str, address: str, user_agent: str) -> str:
    """Return 16 characters by which a visitor of a site is known for a day: as long as there is the salt of that day.

    A keyed hash, because all addresses that exist can be tried out in an hour: without the key that leads nowhere.
    """
    digest = hmac.digest(salt, f"{site}|{address}|{user_agent}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:_DIGEST_BYTES]).decode()


def address_of(request: Request, header: str) -> str:
    """Return the visitor's address: from a header that a proxy sets, or as API Gateway saw it.

    Of several, as in X-Forwarded-For, the first; without the port that CloudFront-Viewer-Address has.
    """
    told = request.headers.get(header, "").partition(",")[0].strip() if header else ""
    return _without_port(told) or request.source_ip


def country_of(request: Request, header: str) -> str:
    """Return the country that the edge knows, two capital letters; nothing where it does not."""
    told = request.headers.get(header, "") if header else ""
    return told.upper() if _COUNTRY.fullmatch(told) else ""


def screen_class(screen: str) -> str:
    """Return the class of a screen such as `1920x1080`, by its width."""
    width = int(screen.partition("x")[0])
    return next((name for limit, name in _SCREENS if width < limit), _WIDEST)


def language_of(tag: str) -> str:
    """Return language and region of a language tag in their canonical form, such as `en-US` or `de`."""
    primary, *subtags = tag.split("-")
    for subtag in subtags:
        if len(subtag) == 1:
            break  # what follows is an extension
        if _REGION.fullmatch(subtag):
            return f"{primary.lower()}-{subtag.upper()}"
    return primary.lower()


def _without_port(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    # CloudFront writes all eight groups of an IPv6 address, and the port after a ninth colon, without brackets.
    if address.count(":") in {1, _IPV6_GROUPS}:
        return address.rpartition(":")[0]
    return address
