import fnmatch
import re

import pytest

from infra.catalogue import FUNCTIONS, function
from schemas.requests import REQUESTS
from schemas.responses import RESPONSES
from schemas.routes import ROUTES, Role, Route, permitted

OWN_ROUTES = {("GET", "/api/users/me"), ("PUT", "/api/users/me")}
EXAMPLE = "01990000-0000-7000-8000-000000000001"
CONTACT_ROUTES = {
    ("GET", "/api/contact"),
    ("GET", "/api/contact/{id}"),
    ("PUT", "/api/contact/{id}"),
    ("DELETE", "/api/contact/{id}"),
}
PROJECT_ROUTES = {
    ("POST", "/api/projects"),
    ("POST", "/api/projects/order"),
    ("PUT", "/api/projects/{id}"),
    ("PATCH", "/api/projects/{id}"),
    ("DELETE", "/api/projects/{id}"),
    ("POST", "/api/projects/{id}/restore"),
    ("POST", "/api/projects/{id}/purge"),
    ("POST", "/api/projects/{id}/revert"),
    ("POST", "/api/projects/{id}/preview"),
    ("GET", "/api/projects/{id}/versions"),
    ("GET", "/api/projects/{id}/versions/{version}"),
    ("GET", "/api/projects/{id}/versions/{version}/diff"),
}
EDITOR_ROUTES = CONTACT_ROUTES | PROJECT_ROUTES
SHOWING_MORE = [route for route in ROUTES if route.shows_more_to is not None]


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_editors_and_above_may_work_with_submissions_and_projects(role: Role) -> None:
    assert {(route.method, route.path) for route in permitted(role)} >= EDITOR_ROUTES


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.VIEWER])
def test_nobody_below_an_editor_may_work_with_submissions_or_projects(role: Role) -> None:
    assert EDITOR_ROUTES.isdisjoint((route.method, route.path) for route in permitted(role))


def test_everybody_may_read_projects_and_editors_see_more() -> None:
    assert {(route.method, route.path, route.role, route.shows_more_to) for route in SHOWING_MORE} == {
        ("GET", "/api/projects", Role.PUBLIC, Role.EDITOR),
        ("GET", "/api/projects/{id}", Role.PUBLIC, Role.EDITOR),
    }


@pytest.mark.parametrize("route", SHOWING_MORE, ids=name_of)
def test_a_function_that_shows_more_to_some_can_verify_their_tokens(route: Route) -> None:
    assert route.function is not None
    assert "tokens" in function(route.function).layers


def test_a_token_without_a_role_opens_nothing() -> None:
    assert permitted(Role.PUBLIC) == ()


@pytest.mark.parametrize("role", Role)
def test_a_token_opens_no_more_than_its_role(role: Role) -> None:
    assert all(Role.PUBLIC < route.role <= role for route in permitted(role))


@pytest.mark.parametrize(("lower", "higher"), [(Role.VIEWER, Role.EDITOR), (Role.EDITOR, Role.ADMIN)])
def test_a_higher_role_may_do_all_that_a_lower_one_may(lower: Role, higher: Role) -> None:
    assert set(permitted(lower)) <= set(permitted(higher))


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_the_bodies_of_a_route_are_declared(route: Route) -> None:
    assert route.request is None or route.request in REQUESTS
    assert route.response is None or route.response in RESPONSES


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_the_function_of_a_route_exists(route: Route) -> None:
    assert route.function is None or route.function in {function.name for function in FUNCTIONS}


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_a_route_without_an_answer_says_so_by_its_status(route: Route) -> None:
    assert (route.response is None and route.media_type == "application/json") == (route.status == 204)


def test_no_route_is_declared_twice() -> None:
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


def opens(role: Role, method: str, path: str) -> bool:
    """Tell whether a policy of the role's routes lets a request through: IAM's `*` stands for slashes too."""
    patterns = [(route.method, re.sub(r"\{[^}]+\}", "*", route.path)) for route in permitted(role)]
    return any(verb == method and fnmatch.fnmatchcase(path, pattern) for verb, pattern in patterns)


@pytest.mark.parametrize("role", [role for role in Role if role > Role.PUBLIC], ids=lambda role: role.name)
@pytest.mark.parametrize("route", [route for route in ROUTES if route.role > Role.PUBLIC], ids=name_of)
def test_no_pattern_of_a_lower_role_opens_a_route_of_a_higher_one(route: Route, role: Role) -> None:
    path = re.sub(r"\{[^}]+\}", EXAMPLE, route.path)

    assert opens(role, route.method, path) == (role >= route.role)


def test_a_viewer_opens_reports_and_the_own_account_and_no_other() -> None:
    assert {(route.method, route.path) for route in permitted(Role.VIEWER)} == {*OWN_ROUTES, ("GET", "/api/analytics")}
    for path in ("", "/", f"/{EXAMPLE}", "/me/invitation", "/me2", "/ME", "/me/", f"/me/../{EXAMPLE}", "/*"):
        assert not [verb for verb in ("GET", "PUT", "POST", "DELETE") if opens(Role.VIEWER, verb, f"/api/users{path}")]


def test_signing_in_needs_no_token_and_is_throttled() -> None:
    signing_in = [route for route in ROUTES if route.path.startswith("/api/auth/")]

    assert {(route.role, route.throttle) for route in signing_in} == {(Role.PUBLIC, "auth")}
    assert {route for route in ROUTES if route.throttle} == set(signing_in)
