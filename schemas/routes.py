"""The API's routes: which method and path, who may call it, which function answers.

The template, the authorizer's policies, the OpenAPI document and the access tests are all built from this table.
It imports nothing heavy, because the authorizer loads it at every cold start.
"""

from enum import IntEnum
from typing import NamedTuple


class Role(IntEnum):
    """What a caller may do; a higher role may do all that a lower one may."""

    PUBLIC = 0
    VIEWER = 1
    EDITOR = 2
    ADMIN = 3


class Route(NamedTuple):
    """One method on one path.

    Parameters
    ----------
    method, path
        As API Gateway spells them; path parameters in braces.
    role
        The least role that may call it; `Role.PUBLIC` needs no token.
    function
        Short name of the function that answers; None where API Gateway answers alone.
    summary
        One line for the OpenAPI document.
    request
        Name of the request model in `schemas.requests`, where a body is read.
    response, status
        Name of the response model and the status of success.
    media_type
        Of the response.
    shows_more_to
        Role whose tokens show more on a public route; the function itself reads the token.
    throttle
        Class of routes that the stage limits more narrowly than the others, such as `auth`.
    """

    method: str
    path: str
    role: Role
    function: str | None
    summary: str
    request: str | None = None
    response: str | None = None
    status: int = 200
    shows_more_to: Role | None = None
    throttle: str | None = None
    media_type: str = "application/json"


ROUTES: tuple[Route, ...] = (
    Route(
        "POST", "/api/contact", Role.PUBLIC, "ingest_contact", "Submit a contact form",
        request="ContactRequest", response="Accepted", status=202,
    ),
    Route(
        "GET", "/api/contact", Role.EDITOR, "query_contact", "List submissions, newest first",
        response="SubmissionPage",
    ),
    Route(
        "GET", "/api/contact/{id}", Role.EDITOR, "query_contact", "Read a submission and its deliveries",
        response="Submission",
    ),
    Route(
        "PUT", "/api/contact/{id}", Role.EDITOR, "edit_contact", "Set a submission's status or notes",
        request="ContactUpdate", response="Submission",
    ),
    Route("DELETE", "/api/contact/{id}", Role.EDITOR, "edit_contact", "Erase a submission", status=204),
    Route(
        "POST", "/api/analytics", Role.PUBLIC, "ingest_analytics", "Send page views and events of one visitor",
        request="AnalyticsRequest", response="Accepted", status=202,
    ),
    Route(
        "GET", "/api/analytics", Role.VIEWER, "query_analytics", "Report on the visits to a site",
        response="AnalyticsReport",
    ),
    Route(
        "GET", "/api/operations/{id}", Role.PUBLIC, "query_operations", "Ask what became of an accepted request",
        response="Operation",
    ),
    Route(
        "GET", "/api/projects", Role.PUBLIC, "query_projects", "List projects: published ones; for editors, all",
        response="ProjectPage", shows_more_to=Role.EDITOR,
    ),
    Route(
        "POST", "/api/projects", Role.EDITOR, "ingest_projects", "Create a project",
        request="ProjectContent", response="ChangeAccepted", status=202,
    ),
    Route(
        "POST", "/api/projects/order", Role.EDITOR, "ingest_projects", "Give several projects new positions",
        request="ProjectOrder", response="ChangeAccepted", status=202,
    ),
    Route(
        "GET", "/api/projects/{id}", Role.PUBLIC, "query_projects", "Read a project by its id or slug",
        response="Project", shows_more_to=Role.EDITOR,
    ),
    Route(
        "PUT", "/api/projects/{id}", Role.EDITOR, "ingest_projects", "Replace a project's content",
        request="ProjectContent", response="ChangeAccepted", status=202,
    ),
    Route(
        "PATCH", "/api/projects/{id}", Role.EDITOR, "ingest_projects", "Change some of a project's content",
        request="ProjectPatch", response="ChangeAccepted", status=202,
    ),
    Route(
        "DELETE", "/api/projects/{id}", Role.EDITOR, "ingest_projects", "Move a project to the trash, for 30 days",
        response="ChangeAccepted", status=202,
    ),
    Route(
        "POST", "/api/projects/{id}/restore", Role.EDITOR, "ingest_projects", "Take a project out of the trash",
        response="ChangeAccepted", status=202,
    ),
    Route(
        "POST", "/api/projects/{id}/purge", Role.EDITOR, "ingest_projects", "Remove a project in the trash for ever",
        response="ChangeAccepted", status=202,
    ),
    Route(
        "POST", "/api/projects/{id}/revert", Role.EDITOR, "ingest_projects", "Bring an earlier version back",
        request="ProjectRevert", response="ChangeAccepted", status=202,
    ),
    Route(
        "POST", "/api/projects/{id}/preview", Role.EDITOR, "query_project_previews",
        "Make a link that shows a project before everybody may see it",
        request="PreviewRequest", response="Preview", status=201,
    ),
    Route(
        "GET", "/api/projects/{id}/versions", Role.EDITOR, "query_project_versions", "List a project's versions",
        response="ProjectVersionPage",
    ),
    Route(
        "GET", "/api/projects/{id}/versions/{version}", Role.EDITOR, "query_project_versions",
        "Read a project as it was at a version", response="Project",
    ),
    Route(
        "GET", "/api/projects/{id}/versions/{version}/diff", Role.EDITOR, "query_project_versions",
        "Compare a version with the one before, or with another", response="ProjectDiff",
    ),
    Route(
        "GET", "/api/users", Role.ADMIN, "users_directory", "List users", response="UserPage",
    ),
    Route(
        "POST", "/api/users", Role.ADMIN, "users_directory", "Create a user and mail an invitation",
        request="UserCreate", response="User", status=201,
    ),
    Route("GET", "/api/users/me", Role.VIEWER, "users_me", "Read one's own account", response="User"),
    Route(
        "PUT", "/api/users/me", Role.VIEWER, "users_me", "Change one's own name",
        request="ProfileUpdate", response="User",
    ),
    Route("GET", "/api/users/{id}", Role.ADMIN, "users_directory", "Read a user", response="User"),
    Route(
        "PUT", "/api/users/{id}", Role.ADMIN, "users_directory", "Change a user's role or name, or lock the user out",
        request="UserUpdate", response="User",
    ),
    Route(
        "DELETE", "/api/users/{id}", Role.ADMIN, "users_directory", "Delete a user and end all sessions", status=204,
    ),
    Route(
        "POST", "/api/users/{id}/invitation", Role.ADMIN, "users_directory", "Mail the invitation again", status=204,
    ),
    Route(
        "POST", "/api/auth/token", Role.PUBLIC, "users_auth", "Sign in, or answer a sign-in's challenge",
        request="TokenRequest", response="TokenAnswer", throttle="auth",
    ),
    Route(
        "POST", "/api/auth/refresh", Role.PUBLIC, "users_auth", "Exchange a refresh token for an access token",
        request="RefreshRequest", response="Tokens", throttle="auth",
    ),
    Route(
        "POST", "/api/auth/logout", Role.PUBLIC, "users_auth", "End a sign-in: revoke its refresh token",
        request="RefreshRequest", status=204, throttle="auth",
    ),
    Route(
        "GET", "/api/analytics/pixel.gif", Role.PUBLIC, None, "Count a page view of a page without JavaScript",
        media_type="image/gif",
    ),
    Route("GET", "/api/health", Role.PUBLIC, None, "Answered by API Gateway alone", response="Health"),
)  # fmt: skip


def permitted(role: Role) -> tuple[Route, ...]:
    """Return the routes that a token of `role` opens: those that need a token, up to that role."""
    return tuple(route for route in ROUTES if Role.PUBLIC < route.role <= role)
