"""Where visits come from: the dimensions that a visit's origin, and the visitor's browser, give it."""

import re
from functools import lru_cache

from shared.analytics.agents import Agent
from shared.analytics.dimensions import DIRECT, UNKNOWN, UTM

_NAMES = {
    "google": "Google", "bing": "Bing", "duckduckgo": "DuckDuckGo", "yahoo": "Yahoo", "yandex": "Yandex",
    "baidu": "Baidu", "ecosia": "Ecosia", "qwant": "Qwant", "startpage": "Startpage", "search.brave": "Brave",
    "kagi": "Kagi", "facebook": "Facebook", "instagram": "Instagram", "linkedin": "LinkedIn", "lnkd": "LinkedIn",
    "t.co": "X", "twitter": "X", "x.com": "X", "reddit": "Reddit", "youtube": "YouTube", "pinterest": "Pinterest",
    "tiktok": "TikTok", "bsky": "Bluesky", "mastodon": "Mastodon", "news.ycombinator": "Hacker News",
    "github": "GitHub", "chatgpt": "ChatGPT", "perplexity": "Perplexity",
}  # fmt: skip
"""Names of sources, by the part of their hosts that all of their domains share."""

_SEARCH = frozenset(
    {"google", "bing", "duckduckgo", "yahoo", "yandex", "baidu", "ecosia", "qwant", "startpage", "brave", "kagi"}
)
_SOCIAL = frozenset(
    {"facebook", "fb", "instagram", "ig", "linkedin", "x", "twitter", "reddit", "youtube", "pinterest", "tiktok"}
    | {"bluesky", "mastodon", "threads"}
)
_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*|display|banner|ads?)$")
_EMAIL = re.compile(r"^e[-_ ]?mail$|^newsletter$")
_HOST_NAMES = [(re.compile(rf"(^|\.){re.escape(part)}(\.|$)"), name) for part, name in _NAMES.items()]


Dimensions = tuple[tuple[str, str], ...]
"""Dimensions, each with a value."""


def dimensions_of(origin: str, agent: Agent) -> Dimensions:
    """Return all that describes a visit but its pages.

    `origin` is as `shared.analytics.visits.origin_of` joins it. Of the campaign, only what was named is there.
    """
    came_from, country, screen, language = parts_of(origin)
    return (
        ("country", country), ("screen", screen), ("language", language),
        *agent_dimensions(agent), *acquisition_dimensions(came_from),
    )  # fmt: skip


def parts_of(origin: str) -> tuple[str, str, str, str]:
    """Return from where a visit came, as `acquisition_dimensions` takes it, country, screen and language."""
    came_from, country, screen, language = origin.rsplit("\t", 3)
    return came_from, country or UNKNOWN, screen or UNKNOWN, language or UNKNOWN


def agent_dimensions(agent: Agent) -> Dimensions:
    """Return what follows from a visitor's browser."""
    return ("browser", agent.browser), ("os", agent.os), ("device", agent.device)


@lru_cache(maxsize=10_000)
def acquisition_dimensions(came_from: str) -> Dimensions:
    """Return what follows from where a visit came from: referrer and campaign, the first six parts of an origin."""
    referrer, *campaign = came_from.split("\t")
    utm_source, medium = campaign[0], campaign[1].lower()
    source = _source(referrer, utm_source)
    return (
        ("channel", _channel(source, medium)),
        ("source", source),
        ("referrer", referrer or DIRECT),
        *((dimension, value) for dimension, value in zip(UTM, campaign, strict=True) if value),
    )


def _source(referrer: str, utm_source: str) -> str:
    """Return what the campaign says, else the name of the referring host."""
    if utm_source:
        return next((name for name in _NAMES.values() if name.lower() == utm_source.lower()), utm_source)
    host = referrer.partition("/")[0]
    if not host:
        return DIRECT
    return next((name for pattern, name in _HOST_NAMES if pattern.search(host)), host)


def _channel(source: str, medium: str) -> str:
    """Return the kind of a source; close to the default channel group of Google Analytics, which people know."""
    name = source.lower()
    is_search, is_social = name in _SEARCH, name in _SOCIAL
    if _PAID.match(medium):
        return "Paid Search" if is_search else "Paid Social" if is_social else "Paid Other"
    rules = (
        (_EMAIL.match(medium) or _EMAIL.match(name), "Email"),
        (is_search or medium == "organic", "Organic Search"),
        (is_social or medium in {"social", "social-network", "social-media"}, "Organic Social"),
        (medium == "affiliate", "Affiliates"),
        (source == DIRECT and not medium, "Direct"),
        (source == DIRECT, "Other"),
    )
    return next((channel for applies, channel in rules if applies), "Referral")
