"""Cross-origin headers on every kind of answer, for the site, another allowed origin, a foreign one, and none."""

from collections.abc import Callable

import pytest
from requests import Response

from schemas.routes import ROUTES, Role, Route
from tests.e2e.conftest import FORM, SITE, Site, path_of
from tests.e2e.fault_proxy import deny, faulty_dynamodb
from tests.origins import FOREIGN

DEVELOPER = "http://localhost:5173"
ALLOW = "Access-Control-Allow-Origin"
READABLE = [route for route in ROUTES if route.media_type == "application/json"]
"""A page shows an image without being allowed to read it."""

OUTCOMES: dict[str, Callable[[Site, dict[str, str]], Response]] = {
    "success": lambda site, headers: site.call("POST", "/api/contact", json=FORM, headers=headers),
    "refused by the function": lambda site, headers: site.call("POST", "/api/contact", json={}, headers=headers),
    "not found by the function": lambda site, headers: site.call("GET", "/api/operations/x", headers=headers),
    "health": lambda site, headers: site.call("GET", "/api/health", headers=headers),
    "a list for everybody": lambda site, headers: site.call("GET", "/api/projects", headers=headers),
    "refused for lack of a version": lambda site, headers: site.call(
        "DELETE", "/api/projects/01890a5d-ac96-774b-bcce-b302099a8057", Role.EDITOR, headers=headers
    ),
    "a query": lambda site, headers: site.call("GET", "/api/contact", Role.EDITOR, headers=headers),
}
GATEWAY_OUTCOMES: dict[str, Callable[[Site, dict[str, str]], Response]] = {
    "refused by the model": lambda site, headers: site.call(
        "POST", "/api/contact", data="[]", headers={**headers, "Content-Type": "application/json"}
    ),
    "no token": lambda site, headers: site.call("GET", "/api/contact", headers=headers),
    "too low a role": lambda site, headers: site.call("GET", "/api/contact", Role.VIEWER, headers=headers),
    "no such route": lambda site, headers: site.call("GET", "/api/nothing", headers=headers),
}


@pytest.mark.parametrize("origin", [SITE, DEVELOPER])
@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_an_allowed_origin_may_read_what_a_function_answers(
    site: Site, outcome: Callable[[Site, dict[str, str]], Response], origin: str
) -> None:
    answer = outcome(site, {"Origin": origin})

    assert answer.headers[ALLOW] == origin
    assert "Origin" in answer.headers["Vary"]


def test_a_page_may_read_the_headers_that_its_next_change_needs(site: Site) -> None:
    answer = site.call("GET", "/api/projects", headers={"Origin": SITE})

    exposed = set(answer.headers["Access-Control-Expose-Headers"].split(","))
    assert {"ETag", "Location", "Preference-Applied", "Retry-After"} <= exposed


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_a_foreign_origin_may_not(site: Site, outcome: Callable[[Site, dict[str, str]], Response], origin: str) -> None:
    answer = outcome(site, {"Origin": origin})

    assert ALLOW not in answer.headers


@pytest.mark.parametrize("origin", [SITE, DEVELOPER, *FOREIGN])
@pytest.mark.parametrize("outcome", GATEWAY_OUTCOMES.values(), ids=GATEWAY_OUTCOMES)
def test_the_site_alone_may_read_what_api_gateway_answers_by_itself(
    site: Site, outcome: Callable[[Site, dict[str, str]], Response], origin: str
) -> None:
    answer = outcome(site, {"Origin": origin})

    assert answer.headers[ALLOW] == SITE
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("origin", [SITE, DEVELOPER, FOREIGN[0], None])
@pytest.mark.parametrize("route", READABLE, ids=lambda route: f"{route.method} {route.path}")
def test_every_method_tells_the_origins_that_it_allows_and_never_allows_credentials(
    site: Site, route: Route, origin: str | None
) -> None:
    headers = {} if origin is None else {"Origin": origin}

    answer = site.call(route.method, path_of(route, "x"), json={}, headers=headers)

    # Without a token, what needs one is answered by API Gateway itself, which knows the site alone.
    echoed = origin if origin in {SITE, DEVELOPER} else None
    assert answer.headers.get(ALLOW) == (echoed if route.role is Role.PUBLIC else SITE)
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", sorted({path_of(route, "x") for route in ROUTES}))
@pytest.mark.parametrize("origin", [SITE, DEVELOPER])
def test_a_preflight_of_an_allowed_origin_is_granted(site: Site, path: str, origin: str) -> None:
    answer = site.call("OPTIONS", path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})

    methods = {route.method for route in ROUTES if path_of(route, "x") == path}
    assert answer.status_code == 204
    assert answer.headers[ALLOW] == origin
    assert int(answer.headers["Access-Control-Max-Age"]) == 7200
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert set(answer.headers["Access-Control-Allow-Methods"].split(",")) == methods
    assert {"Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Prefer"} <= set(
        answer.headers["Access-Control-Allow-Headers"].split(",")
    )


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_preflight_of_a_foreign_origin_is_not(site: Site, origin: str) -> None:
    answer = site.call("OPTIONS", "/api/contact", headers={"Origin": origin})

    assert ALLOW not in answer.headers


def test_a_failure_of_ours_carries_the_headers_too(site: Site) -> None:
    with faulty_dynamodb(site, "query_operations") as faults:
        faults.append(deny)

        answer = site.call("GET", "/api/operations/01890a5d-ac96-774b-bcce-b302099a8057", headers={"Origin": DEVELOPER})

    assert (answer.status_code, answer.headers[ALLOW]) == (500, DEVELOPER)
