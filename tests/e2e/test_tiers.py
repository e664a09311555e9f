"""API keys and what their tiers allow: the stage of this tier is configured so that they are soon used up."""

import json
from collections.abc import Callable

import pytest
from requests import Response

from schemas.routes import Role
from tests.e2e.commands import Done, sitewire
from tests.e2e.conftest import KEYED_ROUTE, SITE, THROTTLE, TIERS, Site

METHOD, PATH = KEYED_ROUTE.split()


def run(site: Site, *arguments: str) -> Done:
    """Run `sitewire key` on the running stage."""
    return sitewire(site.folder.parent, "key", *arguments)


@pytest.fixture
def make_key(site: Site) -> Callable[[str], dict[str, str]]:
    """Return what makes a key of a tier."""

    def make(tier: str) -> dict[str, str]:
        done = run(site, "create", f"client of {tier}", "--tier", tier, "--json")
        assert done.code == 0, done.err
        made: dict[str, str] = json.loads(done.out)
        site.plant(made["value"])
        return made

    return make


def call(site: Site, key: str) -> Response:
    return site.call(METHOD, PATH, Role.VIEWER, headers={"X-Api-Key": key, "Origin": SITE})


def test_without_a_key_a_keyed_route_is_closed(site: Site) -> None:
    answer = site.call(METHOD, PATH, Role.VIEWER, headers={"Origin": SITE})

    assert (answer.status_code, answer.json()["detail"]) == (403, "The API key is missing or not valid.")
    assert answer.headers["Access-Control-Allow-Origin"] == SITE


def test_a_burst_passes_and_the_rest_is_told_to_wait(
    site: Site, make_key: Callable[[str], dict[str, str]], show_figure: Callable[[str], None]
) -> None:
    key, burst = make_key("public")["value"], TIERS["public"]["burst"]

    answers = [call(site, key) for _ in range(burst + 3)]

    statuses = [answer.status_code for answer in answers]
    show_figure(f"tier public, burst {burst}: {statuses.count(200)} passed, {statuses.count(429)} answered 429")
    assert statuses == [200] * burst + [429] * 3
    assert answers[-1].json()["type"] == "urn:sitewire:problem:throttled"
    assert answers[-1].headers["Retry-After"] == "1"
    assert answers[-1].headers["Access-Control-Allow-Origin"] == SITE


def test_a_quota_runs_out(
    site: Site, make_key: Callable[[str], dict[str, str]], show_figure: Callable[[str], None]
) -> None:
    key, quota = make_key("standard")["value"], TIERS["standard"]["requests_per_day"]

    answers = [call(site, key) for _ in range(quota + 2)]

    statuses = [answer.status_code for answer in answers]
    show_figure(f"tier standard, quota {quota}: {statuses.count(200)} passed, {statuses.count(429)} answered 429")
    assert statuses == [200] * quota + [429] * 2
    assert answers[-1].json()["type"] == "urn:sitewire:problem:quota-exceeded"
    assert answers[-1].headers["Retry-After"] == "3600"
    assert answers[-1].headers["Access-Control-Allow-Origin"] == SITE


def test_one_key_s_use_is_not_anothers(site: Site, make_key: Callable[[str], dict[str, str]]) -> None:
    first, second = make_key("public")["value"], make_key("public")["value"]
    for _ in range(TIERS["public"]["burst"]):
        call(site, first)

    assert (call(site, first).status_code, call(site, second).status_code) == (429, 200)


def test_a_rotated_key_replaces_the_old_one(site: Site, make_key: Callable[[str], dict[str, str]]) -> None:
    old = make_key("premium")

    done = run(site, "rotate", old["id"], "--json")

    new = json.loads(done.out)
    site.plant(new["value"])
    assert (done.code, new["name"], new["tier"]) == (0, old["name"], "premium")
    assert (call(site, old["value"]).status_code, call(site, new["value"]).status_code) == (403, 200)


def test_a_revoked_key_is_void(site: Site, make_key: Callable[[str], dict[str, str]]) -> None:
    key = make_key("premium")

    done = run(site, "revoke", key["id"])

    assert done.code == 0
    assert call(site, key["value"]).status_code == 403
    assert key["id"] not in {entry["id"] for entry in json.loads(run(site, "list", "--json").out)}


def test_keys_are_listed_without_their_values(site: Site, make_key: Callable[[str], dict[str, str]]) -> None:
    key = make_key("premium")

    as_json, as_table = run(site, "list", "--json"), run(site, "list")

    (listed,) = [entry for entry in json.loads(as_json.out) if entry["id"] == key["id"]]
    assert (listed["name"], listed["tier"]) == ("client of premium", "premium")
    assert key["value"] not in as_json.out + as_table.out
    assert key["id"] in as_table.out


@pytest.mark.parametrize("command", ["rotate", "revoke"])
def test_a_key_that_is_none_is_bad_input(site: Site, command: str) -> None:
    done = run(site, command, "nothing")

    assert (done.code, done.err.strip()) == (
        2, "sitewire: Invalid value: there is no key nothing; 'sitewire key list' shows all (try --help)",
    )  # fmt: skip


@pytest.mark.last
def test_a_costly_route_has_a_limit_of_its_own(site: Site, show_figure: Callable[[str], None]) -> None:
    burst = THROTTLE["auth_burst"]

    answers = [site.call("POST", "/api/auth/refresh", json={}, headers={"Origin": SITE}) for _ in range(burst + 1)]

    passed = [answer for answer in answers if answer.status_code == 400]
    show_figure(f"sign-in routes, burst {burst}: {len(passed)} passed, {len(answers) - len(passed)} answered 429")
    assert {answer.status_code for answer in answers} == {400, 429}
    throttled = answers[-1].json()
    assert (throttled["type"], throttled["title"]) == ("urn:sitewire:problem:throttled", "Too many requests")
    assert answers[-1].headers["Access-Control-Allow-Origin"] == SITE
    assert answers[-1].headers["Retry-After"] == "1"
    assert site.call("GET", "/api/health").status_code == 200
