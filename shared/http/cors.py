"""Cross-origin headers: an origin is due them when the stage allows it."""

import re
from collections.abc import Iterable

EXPOSED = "ETag,Location,Preference-Applied,Retry-After,X-Correlation-Id"
"""Response headers that a page's scripts may read."""


class AllowedOrigins:
    """The origins that a stage allows.

    Parameters
    ----------
    origins
        Origins such as `https://example.org`; a port of `*` stands for any port, as in `http://localhost:*`.
    """

    def __init__(self, origins: Iterable[str]) -> None:
        self._pattern = re.compile("|".join(map(origin_pattern, origins)) or "(?!)")

    def __contains__(self, origin: str) -> bool:
        return self._pattern.fullmatch(origin) is not None

    def headers(self, origin: str) -> dict[str, str]:
        """Return the headers that a response to `origin` carries."""
        if origin not in self:
            return {"Vary": "Origin"}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": EXPOSED,
            "Vary": "Origin",
        }


def origin_pattern(origin: str) -> str:
    """Return the regular expression, valid in Python, in Java and in a Velocity string, of one allowed origin."""
    escaped = origin.replace(".", "[.]")
    return escaped.removesuffix(":*") + r"(:[0-9]{1,5})?" if origin.endswith(":*") else escaped
