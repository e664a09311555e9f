"""Who calls a public route that shows more to those who show a token.

API Gateway asks an authorizer only about requests that have an Authorization header and answers the others with 401, so
such a route has none in front of it, and its function verifies the token.
"""

from typing import TYPE_CHECKING, NamedTuple

from schemas.routes import Role
from shared.http.request import Request
from shared.observability.lines import RequestLog
from shared.problems import InvalidTokenProblemError

if TYPE_CHECKING:
    from shared.tokens.bearer import BearerTokens


class Caller(NamedTuple):
    """Who calls: the verified token's subject, empty without a token, and the highest role that it gives."""

    subject: str
    role: Role


ANONYMOUS = Caller("", Role.PUBLIC)
"""Who shows no token."""


class OptionalCaller:
    """Reader of requests that may show a token; one for each execution environment, because it keeps issuers' keys.

    The function needs the layer `tokens`.

    Parameters
    ----------
    issuers
        The setting that lists whose tokens are accepted, as the authorizer has it.
    service
        The function's short name, for its log lines.
    """

    def __init__(self, issuers: str, *, service: str) -> None:
        self._issuers = issuers
        self._log = RequestLog(service)
        self._tokens: BearerTokens | None = None

    def identify(self, request: Request) -> Caller:
        """Return who calls; a token that is valid and gives no role makes a caller of `Role.PUBLIC` with a subject.

        Raises
        ------
        InvalidTokenProblemError
            When there is an Authorization header without a token that can be trusted.
        SettingsError
            When there is one, and the setting does not list any issuer, or not properly.
        """
        header = request.headers.get("authorization")
        return ANONYMOUS if header is None else self._verified(header, request)

    def _verified(self, header: str, request: Request) -> Caller:
        # Most callers show no token, and the libraries that verify one would be most of their cold start.
        from shared.tokens.bearer import BearerTokens  # noqa: PLC0415
        from shared.tokens.verifier import InvalidTokenError  # noqa: PLC0415

        if self._tokens is None:
            self._tokens = BearerTokens(self._issuers, self._log)
        try:
            found = self._tokens.identify(header, correlation_id=request.correlation_id, request_id=request.request_id)
        except InvalidTokenError:
            raise InvalidTokenProblemError(
                "The Authorization header holds no bearer token that is valid. Send another one, or none.",
                headers={"WWW-Authenticate": "Bearer"},
            ) from None
        return Caller(found.subject, found.role)
