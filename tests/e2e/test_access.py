"""Every route, with no token, every role, and tokens that must not be trusted."""

import re
import time

import jwt
import pytest

from schemas.routes import ROUTES, Role, Route
from tests.e2e.conftest import Site

ID = "01890a5d-ac96-774b-bcce-b302099a8057"
PROTECTED = [route for route in ROUTES if route.role > Role.PUBLIC]
ROLES = [role for role in Role if role > Role.PUBLIC]


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


def _path(route: Route) -> str:
    return re.sub(r"\{id\}", ID, route.path)


@pytest.mark.parametrize("route", PROTECTED, ids=_name)
def test_without_a_token_a_protected_route_is_closed(site: Site, route: Route) -> None:
    answer = site.call(route.method, _path(route), json={})

    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name.lower())
def test_a_role_opens_its_routes_and_no_other_whichever_is_asked_first(site: Site, role: Role) -> None:
    token = site.token(role)
    opened = {}
    for route in [*PROTECTED, *reversed(PROTECTED)]:
        answer = site.call(route.method, _path(route), json={}, headers={"Authorization": f"Bearer {token}"})
        opened[_name(route)] = answer.status_code not in {401, 403}

    assert opened == {_name(route): route.role <= role for route in PROTECTED}


def test_an_expired_token_is_refused(site: Site) -> None:
    answer = site.call(
        "GET", "/api/contact", headers={"Authorization": f"Bearer {site.token(Role.ADMIN, lifetime_seconds=-60)}"}
    )

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer a.b.c", "Bearer a.b.c, Bearer d.e.f"]
)
def test_what_is_no_token_is_refused(site: Site, header: str) -> None:
    assert site.call("GET", "/api/contact", headers={"Authorization": header}).status_code == 401


def test_a_token_of_another_key_is_refused(site: Site) -> None:
    now = int(time.time())
    claims = {"sub": "mallory", "role": "admin", "aud": "sitewire-api", "iss": site.outputs["token_issuer"], "iat": now,
              "exp": now + 3600}  # fmt: skip
    forged = jwt.encode(claims, "another key, long enough for the algorithm", algorithm="HS256")

    assert site.call("GET", "/api/contact", headers={"Authorization": f"Bearer {forged}"}).status_code == 401


def test_an_unsigned_token_is_refused(site: Site) -> None:
    unsigned = jwt.encode({"sub": "mallory", "role": "admin"}, "", algorithm="none")

    assert site.call("GET", "/api/contact", headers={"Authorization": f"Bearer {unsigned}"}).status_code == 401


def test_a_token_in_the_query_is_no_token(site: Site) -> None:
    answer = site.call("GET", f"/api/contact?token={site.token(Role.ADMIN)}&Authorization=Bearer")

    assert answer.status_code == 401
