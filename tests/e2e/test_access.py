"""The role matrix: every route, called with no token, each role, a token that ended, and another user's."""

from collections.abc import Iterator

import jwt
import pytest

from local.seed import access_token
from schemas.routes import ROUTES, Role, Route
from tests.e2e.conftest import KEYED_ROUTE, Site, path_of
from tests.e2e.forgery import NOW, Forger

ID = "01890a5d-ac96-774b-bcce-b302099a8057"
PROTECTED = [route for route in ROUTES if route.role > Role.PUBLIC]
OPEN = [route for route in ROUTES if route.role is Role.PUBLIC]
ROLES = [role for role in Role if role > Role.PUBLIC]
MATRIX = [(route, role) for route in PROTECTED for role in ROLES]


def name_of(value: Route | Role) -> str:
    return f"{value.method} {value.path}" if isinstance(value, Route) else value.name.lower()


@pytest.fixture(scope="module")
def key(site: Site) -> Iterator[dict[str, str]]:
    """Give the header that opens the one route that needs a key."""
    gateway = site.aws("apigateway")
    plan = next(plan for plan in gateway.get_usage_plans()["items"] if plan["name"].endswith("-premium"))
    made = gateway.create_api_key(name="matrix", enabled=True)
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=made["id"], keyType="API_KEY")
    yield {"X-Api-Key": site.plant(made["value"])}
    gateway.delete_api_key(apiKey=made["id"])


@pytest.fixture(scope="module")
def forger(site: Site) -> Forger:
    """Give who signs with the pool's own key."""
    return Forger.of(site.outputs, site.folder)


def status_of(site: Site, route: Route, headers: dict[str, str]) -> int:
    """Call a route with a body that changes nothing, and return the status."""
    return site.call(route.method, path_of(route, ID), json={}, headers=headers).status_code


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("route", OPEN, ids=name_of)
def test_a_public_route_asks_for_no_token(site: Site, route: Route) -> None:
    assert status_of(site, route, {}) not in {401, 403}


@pytest.mark.parametrize("route", PROTECTED, ids=name_of)
def test_without_a_token_a_protected_route_is_closed(site: Site, key: dict[str, str], route: Route) -> None:
    path = path_of(route, ID)

    answer = site.call(route.method, path, json={}, headers=key)

    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("route", "role"), MATRIX, ids=name_of)
def test_a_role_opens_a_route_or_not(site: Site, key: dict[str, str], route: Route, role: Role) -> None:
    status = status_of(site, route, {**key, **bearer(site.token(role))})

    assert (status == 403) == (role < route.role)
    assert status != 401


@pytest.mark.parametrize("role", ROLES, ids=name_of)
@pytest.mark.parametrize("order", [1, -1], ids=["first to last", "last to first"])
def test_what_is_cached_for_a_token_gives_and_takes_no_route(
    site: Site, key: dict[str, str], role: Role, order: int
) -> None:
    headers = {**key, **bearer(site.plant(access_token(site.outputs, role)))}

    opened = {name_of(route): status_of(site, route, headers) != 403 for route in PROTECTED[::order]}

    assert opened == {name_of(route): route.role <= role for route in PROTECTED}


@pytest.mark.parametrize("route", PROTECTED, ids=name_of)
def test_a_token_that_ended_opens_nothing(site: Site, key: dict[str, str], forger: Forger, route: Route) -> None:
    ended = forger.token(Role.ADMIN, exp=NOW - 60, iat=NOW - 960)

    assert status_of(site, route, {**key, **bearer(ended)}) == 401


def test_the_same_token_before_its_end_is_trusted(site: Site, forger: Forger) -> None:
    answer = site.call("GET", "/api/contact", headers=bearer(forger.token(Role.ADMIN)))

    assert answer.status_code == 200


def test_one_user_reads_nothing_of_another(site: Site, key: dict[str, str]) -> None:
    tokens = {role: site.token(role) for role in (Role.VIEWER, Role.EDITOR)}
    me = {
        role: site.call("GET", "/api/users/me", headers={**key, **bearer(token)}).json()
        for role, token in tokens.items()
    }

    other = site.call("GET", f"/api/users/{me[Role.EDITOR]['id']}", headers=bearer(tokens[Role.VIEWER]))

    assert {role: user["email"] for role, user in me.items()} == {
        Role.VIEWER: "viewer@seed.example",
        Role.EDITOR: "editor@seed.example",
    }
    assert other.status_code == 403


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer a.b.c", "Bearer a.b.c, Bearer d.e.f"]
)
def test_what_is_no_token_is_refused(site: Site, header: str) -> None:
    assert site.call("GET", "/api/contact", headers={"Authorization": header}).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://issuer.evil.example"},
        {"client_id": "another"},
        {"token_use": "id"},
        {"nbf": NOW + 3600},
        {"exp": str(NOW + 3600)},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_of_the_right_key_with_a_wrong_claim_is_refused(
    site: Site, forger: Forger, claims: dict[str, object]
) -> None:
    answer = site.call("GET", "/api/contact", headers=bearer(forger.token(Role.ADMIN, **claims)))

    assert answer.status_code == 401


def test_a_token_of_another_key_is_refused(site: Site, forger: Forger) -> None:
    assert site.call("GET", "/api/contact", headers=bearer(forger.with_another_key(Role.ADMIN))).status_code == 401


def test_a_token_signed_with_the_public_key_is_refused(site: Site, forger: Forger) -> None:
    assert site.call("GET", "/api/contact", headers=bearer(forger.with_the_public_key(Role.ADMIN))).status_code == 401


def test_an_unsigned_token_is_refused(site: Site) -> None:
    unsigned = jwt.encode({"sub": "mallory", "cognito:groups": ["admin"]}, "", algorithm="none")

    assert site.call("GET", "/api/contact", headers=bearer(unsigned)).status_code == 401


def test_two_authorization_headers_are_refused(site: Site) -> None:
    token = site.token(Role.ADMIN)

    answer = site.call("GET", "/api/contact", headers={"Authorization": f"Bearer {token}, Bearer {token}"})

    assert answer.status_code == 401


def test_a_token_in_the_query_or_a_cookie_is_no_token(site: Site) -> None:
    token = site.token(Role.ADMIN)

    in_query = site.call("GET", f"/api/contact?token={token}&access_token={token}&Authorization=Bearer+{token}")
    in_cookie = site.call("GET", "/api/contact", headers={"Cookie": f"Authorization=Bearer {token}; token={token}"})

    assert (in_query.status_code, in_cookie.status_code) == (401, 401)


def test_a_key_without_a_token_opens_nothing(site: Site, key: dict[str, str]) -> None:
    method, path = KEYED_ROUTE.split()

    assert site.call(method, path, headers=key).status_code == 401
