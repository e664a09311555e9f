"""docs/access.md: which role opens which route."""

from cli.docs.markdown import code, page, table
from schemas.routes import ROUTES, Role, Route

_INTRODUCTION = """\
What a caller is answered, by role: the status of success, 401 where a token is missing, 403 where the token's role is
too low. A higher role may do all that a lower one may. A public route needs no token; those of
projects show more to an editor's.

The authorizer turns a token into a policy that names every route its role opens, because API Gateway keeps the policy
and applies it to the token's later requests."""


def access_page() -> str:
    """Return the document."""
    header = ("Route", "", "Answered by", "no token", *(role.name.lower() for role in Role if role > Role.PUBLIC))
    return page("Who may call what", _INTRODUCTION, table(header, map(_row, ROUTES)), source="schemas/routes.py")


def _row(route: Route) -> tuple[str, ...]:
    answered_by = code(route.function) if route.function else "API Gateway"
    cells = (str(_status(route, role)) for role in Role)
    return (code(f"{route.method} {route.path}"), route.summary, answered_by, *cells)


def _status(route: Route, role: Role) -> int:
    if role >= route.role:
        return route.status
    return 401 if role is Role.PUBLIC else 403
