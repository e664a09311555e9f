"""A spam score from a few rules that can be explained to the person whose message they misjudge.

Nothing is refused for its score: a spam submission is answered like any other and stored as spam, where an editor
finds it. Points add up; from `THRESHOLD` on it is spam.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

THRESHOLD = 5
"""Points from which a submission is spam."""

FASTEST_PERSON_MS = 2_000
"""Milliseconds in which nobody reads and fills in a form."""

_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_MARKUP = re.compile(r"<a\s|\[url|\[link|</?(?:script|iframe)", re.IGNORECASE)
_LINKS_OF_A_PERSON = 2
_SHOUTED_LETTERS = 20


class Rule(NamedTuple):
    """One rule: its name in the record, its points, and what it looks at."""

    name: str
    points: int
    explanation: str
    matches: Callable[[Mapping[str, Any]], bool]


class Verdict(NamedTuple):
    """Points, and the rules that gave them."""

    is_spam: bool
    score: int
    reasons: tuple[str, ...]


def _is_shouted(message: str) -> bool:
    return message.isupper() and sum(map(str.isalpha, message)) >= _SHOUTED_LETTERS


RULES: tuple[Rule, ...] = (
    Rule("honeypot", 10, "the hidden field `website` is filled in", lambda form: bool(form.get("website"))),
    Rule(
        "too_fast", 10, "sent within two seconds of showing the form",
        lambda form: form.get("elapsed_ms", FASTEST_PERSON_MS) < FASTEST_PERSON_MS,
    ),
    Rule("link_in_name", 5, "the name holds a web address", lambda form: bool(_LINK.search(form["name"]))),
    Rule(
        "markup", 4, "the message holds HTML or BBCode links",
        lambda form: bool(_MARKUP.search(form["message"])),
    ),
    Rule(
        "many_links", 3, "the message holds more than two web addresses",
        lambda form: len(_LINK.findall(form["message"])) > _LINKS_OF_A_PERSON,
    ),
    Rule("shouted", 2, "the whole message is in capitals", lambda form: _is_shouted(form["message"])),
    Rule(
        "only_a_link", 3, "the message is one web address and nothing else",
        lambda form: bool(_LINK.match(form["message"])) and len(form["message"].split()) == 1,
    ),
)  # fmt: skip


def judge(form: Mapping[str, Any]) -> Verdict:
    """Return the verdict on a valid contact form."""
    hits = [rule for rule in RULES if rule.matches(form)]
    score = sum(rule.points for rule in hits)
    return Verdict(score >= THRESHOLD, score, tuple(rule.name for rule in hits))
