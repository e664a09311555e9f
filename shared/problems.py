"""Errors that an HTTP caller sees, as problem details (RFC 9457). Everything that can go wrong is declared here."""

from typing import Any, NamedTuple


class FieldError(NamedTuple):
    """One thing that is wrong with a body: a JSON Pointer (RFC 6901) and a sentence."""

    pointer: str
    detail: str


def json_pointer(*steps: str | int) -> str:
    """Return the JSON Pointer (RFC 6901) that leads through `steps`."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


class ProblemError(Exception):
    """Base of the errors that end a request; the response is built from the class and `detail`.

    Parameters
    ----------
    detail
        What is wrong with this request and what the caller can do, in one sentence.
    errors
        What is wrong, field by field.
    headers
        Headers of the response beside the usual ones.
    members
        Members of the document beside the usual ones (RFC 9457, section 3.2).
    """

    status = 500
    slug = "internal-error"
    title = "Internal error"

    def __init__(
        self,
        detail: str,
        *,
        errors: tuple[FieldError, ...] = (),
        headers: dict[str, str] | None = None,
        members: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}
        self.members = members or {}

    def to_document(self, *, instance: str, request_id: str) -> dict[str, Any]:
        """Return the problem document; `instance` is the request's path."""
        document: dict[str, Any] = {
            "type": f"urn:sitewire:problem:{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "request_id": request_id,
        }
        if self.errors:
            document["errors"] = [error._asdict() for error in self.errors]
        return document | self.members


class InternalError(ProblemError):
    """Raised for what is our fault; the detail never tells what broke."""


class InvalidRequestError(ProblemError):
    """Raised when a body or parameter does not fit its schema."""

    status, slug, title = 400, "invalid-request", "Invalid request"


class UnauthorizedError(ProblemError):
    """Base of the errors of callers who don't prove who they are."""

    status, slug, title = 401, "unauthorized", "Unauthorized"


class InvalidCredentialsError(UnauthorizedError):
    """Raised when a sign-in fails, with nothing that tells why: that would tell who has an account."""

    slug, title = "invalid-credentials", "Invalid credentials"


class InvalidTokenProblemError(UnauthorizedError):
    """Raised when a caller shows a token that can't be trusted where none is needed."""

    slug, title = "invalid-token", "Invalid token"


class ForeignOriginError(ProblemError):
    """Raised when a page of another site sends what only this one's pages may."""

    status, slug, title = 403, "foreign-origin", "Foreign origin"


class NotFoundError(ProblemError):
    """Raised when there is no such record."""

    status, slug, title = 404, "not-found", "Not found"


class ConflictError(ProblemError):
    """Base of the errors that the state of a record causes."""

    status, slug, title = 409, "conflict", "Conflict"


class LastAdminProblemError(ConflictError):
    """Raised when nobody would be left who may administer users."""

    slug, title = "last-admin", "Last administrator"


class UserExistsProblemError(ConflictError):
    """Raised when a user has the address already."""

    slug, title = "user-exists", "User exists"


class NotInvitedProblemError(ConflictError):
    """Raised when there is no open invitation to send again."""

    slug, title = "not-invited", "No open invitation"


class CommandRejectedError(ConflictError):
    """Raised when a caller waited for a change that could not be applied."""

    slug, title = "rejected", "Rejected"


class VersionMismatchError(ProblemError):
    """Raised when If-Match names another version than the stored one."""

    status, slug, title = 412, "version-mismatch", "Version mismatch"


class PreconditionRequiredError(ProblemError):
    """Raised when a change does not say which version of the record it is made for."""

    status, slug, title = 428, "precondition-required", "Precondition required"


class BodyTooLargeError(ProblemError):
    """Raised when a body is over its limit."""

    status, slug, title = 413, "body-too-large", "Body too large"


class UnsupportedMediaTypeError(ProblemError):
    """Raised when a body is of a type that the route does not read."""

    status, slug, title = 415, "unsupported-media-type", "Unsupported media type"


class TooManyAttemptsError(ProblemError):
    """Raised when an account was tried too often; Retry-After tells when it may be tried again."""

    status, slug, title = 429, "too-many-attempts", "Too many attempts"


class UnavailableError(ProblemError):
    """Raised when AWS did not confirm in time; nothing was accepted, so the caller may send it again."""

    status, slug, title = 503, "unavailable", "Unavailable"
