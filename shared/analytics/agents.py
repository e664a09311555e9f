"""What a user agent says of a visitor: which browser, system and device. The text itself is kept nowhere."""

import re
from functools import lru_cache
from typing import NamedTuple

import crawleruseragents
import ua_parser

from shared.analytics.dimensions import UNKNOWN

_SHORTEST = 20
"""Characters: what browsers send is longer, and names the engine."""
_AUTOMATED = re.compile(r"headless|phantomjs|selenium|webdriver|puppeteer|playwright|lighthouse", re.IGNORECASE)
_TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|android(?!.*mobile)", re.IGNORECASE)
_MOBILE = re.compile(r"mobi|iphone|ipod|android", re.IGNORECASE)
_TV = re.compile(r"smart-?tv|appletv|googletv|hbbtv|tizen.*tv|web0s|crkey|roku", re.IGNORECASE)


class Agent(NamedTuple):
    """Classes of a user agent."""

    browser: str
    os: str
    device: str
    is_robot: bool


@lru_cache(maxsize=10_000)
def agent_of(user_agent: str) -> Agent:
    """Return the classes of a user agent.

    Robots are those that the list of `crawler-user-agents` knows, and those by rule: no user agent, one that no
    browser sends, or one that says that nobody looks on.
    """
    robot = (
        len(user_agent) < _SHORTEST
        or _AUTOMATED.search(user_agent) is not None
        or bool(crawleruseragents.is_crawler(user_agent))
    )
    if robot:
        return Agent(UNKNOWN, UNKNOWN, UNKNOWN, is_robot=True)
    browser, system = ua_parser.parse_user_agent(user_agent), ua_parser.parse_os(user_agent)
    return Agent(
        browser.family if browser else UNKNOWN,
        system.family if system else UNKNOWN,
        _device(user_agent),
        is_robot=False,
    )


def _device(user_agent: str) -> str:
    if _TV.search(user_agent):
        return "tv"
    if _TABLET.search(user_agent):
        return "tablet"
    return "mobile" if _MOBILE.search(user_agent) else "desktop"
