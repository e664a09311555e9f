from typing import Any

import pytest

from shared.spam import FASTEST_PERSON_MS, RULES, THRESHOLD, judge

FORM = {"name": "Ada Lovelace", "email": "ada@example.org", "message": "Could you print the tables?"}

HITS: dict[str, list[dict[str, Any]]] = {
    "honeypot": [{"website": "https://robot.example"}, {"website": "x"}],
    "too_fast": [{"elapsed_ms": 0}, {"elapsed_ms": FASTEST_PERSON_MS - 1}],
    "link_in_name": [{"name": "https://robot.example"}, {"name": "Visit WWW.robot.example"}],
    "markup": [
        {"message": 'Hello <a href="https://robot.example">there</a>'},
        {"message": "Hello [url=https://robot.example]there[/url]"},
        {"message": "<SCRIPT>alert(1)</SCRIPT>"},
    ],
    "many_links": [{"message": "See https://a.example and http://b.example and www.c.example"}],
    "shouted": [{"message": "I NEED THE TABLES PRINTED TODAY"}],
    "only_a_link": [{"message": "https://robot.example/pills"}, {"message": "www.robot.example"}],
}

MISSES: dict[str, list[dict[str, Any]]] = {
    "honeypot": [{}, {"website": ""}],
    "too_fast": [{}, {"elapsed_ms": FASTEST_PERSON_MS}],
    "link_in_name": [{"name": "Wanda Wwwojcik"}],
    "markup": [{"message": "If a < b, then [see] the attachment"}],
    "many_links": [{"message": "See https://a.example and https://b.example"}],
    "shouted": [{"message": "I NEED A PDF"}, {"message": "I need the TABLES PRINTED TODAY"}, {"message": "1" * 40}],
    "only_a_link": [{"message": "Is https://example.org/tables yours?"}],
}


def test_every_rule_has_examples() -> None:
    assert HITS.keys() == MISSES.keys() == {rule.name for rule in RULES}


@pytest.mark.parametrize(("rule", "change"), [(rule, change) for rule, changes in HITS.items() for change in changes])
def test_a_rule_names_itself_where_it_hits(rule: str, change: dict[str, Any]) -> None:
    assert rule in judge(FORM | change).reasons


@pytest.mark.parametrize(("rule", "change"), [(rule, change) for rule, changes in MISSES.items() for change in changes])
def test_a_rule_is_silent_where_it_misses(rule: str, change: dict[str, Any]) -> None:
    assert rule not in judge(FORM | change).reasons


def test_what_people_write_has_no_points() -> None:
    assert judge(FORM) == (False, 0, ())


def test_points_add_up() -> None:
    verdict = judge(FORM | {"message": "READ THIS NOW: https://A.EXAMPLE HTTPS://B.EXAMPLE HTTPS://C.EXAMPLE".upper()})

    points = {rule.name: rule.points for rule in RULES}
    assert verdict.reasons == ("many_links", "shouted")
    assert verdict.score == points["many_links"] + points["shouted"]


def test_it_is_spam_from_the_threshold_on() -> None:
    below = judge(FORM | HITS["markup"][0])
    at = judge(FORM | HITS["link_in_name"][0])

    assert (below.score, below.is_spam) == (THRESHOLD - 1, False)
    assert (at.score, at.is_spam) == (THRESHOLD, True)
