"""Signing in: passwords, challenges and refresh tokens are handed to Cognito as they are, and kept nowhere."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from shared.identity.errors import (
    IdentityError,
    RefusedPasswordError,
    SignInRefusedError,
    UnsupportedChallengeError,
    translated,
)

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

ChallengeName = Literal["new_password_required", "software_token_mfa"]

_CHALLENGES: dict[str, ChallengeName] = {
    "NEW_PASSWORD_REQUIRED": "new_password_required",
    "SOFTWARE_TOKEN_MFA": "software_token_mfa",
}

# Everything that depends on what a caller sent is the same refusal.
_REFUSALS: dict[str, type[IdentityError]] = dict.fromkeys(
    (
        "CodeMismatchException",
        "ExpiredCodeException",
        "InvalidParameterException",
        "NotAuthorizedException",
        "PasswordResetRequiredException",
        "UserNotConfirmedException",
        "UserNotFoundException",
    ),
    SignInRefusedError,
)
_PASSWORD_REFUSALS = {
    **_REFUSALS,
    "InvalidParameterException": RefusedPasswordError,
    "InvalidPasswordException": RefusedPasswordError,
    "PasswordHistoryPolicyViolationException": RefusedPasswordError,
}

# A token that is none, of another client or of another kind: there is nothing to revoke (RFC 7009, section 2.2).
_NOTHING_TO_REVOKE: dict[str, type[IdentityError]] = dict.fromkeys(
    (
        "InvalidParameterException",
        "NotAuthorizedException",
        "UnauthorizedException",
        "UnsupportedTokenTypeException",
    ),
    SignInRefusedError,
)


class Granted(NamedTuple):
    """Tokens; `expires_in` is the access token's, in seconds. A refresh gives no further refresh token."""

    access_token: str
    refresh_token: str | None
    expires_in: int


class Challenged(NamedTuple):
    """What comes before tokens."""

    challenge: ChallengeName
    session: str


class SignIn:
    """Sign-ins through one client of a user pool.

    Parameters
    ----------
    client
        Cognito client; no credentials are needed.
    client_id
        The pool's public client.
    """

    def __init__(self, client: "CognitoIdentityProviderClient", client_id: str) -> None:
        self._client = client
        self._client_id = client_id

    def with_password(self, email: str, password: str) -> Granted | Challenged:
        """Sign in. Raises SignInRefusedError."""
        parameters = {"USERNAME": email, "PASSWORD": password}
        return self._ask(
            self._client.initiate_auth, _REFUSALS, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
        )

    def with_new_password(self, email: str, session: str, password: str) -> Granted | Challenged:
        """Answer `new_password_required`. Raises SignInRefusedError, RefusedPasswordError."""
        return self._answer(
            "NEW_PASSWORD_REQUIRED", session, {"USERNAME": email, "NEW_PASSWORD": password}, _PASSWORD_REFUSALS
        )

    def with_code(self, email: str, session: str, code: str) -> Granted | Challenged:
        """Answer `software_token_mfa`. Raises SignInRefusedError."""
        responses = {"USERNAME": email, "SOFTWARE_TOKEN_MFA_CODE": code}
        return self._answer("SOFTWARE_TOKEN_MFA", session, responses, _REFUSALS)

    def refresh(self, refresh_token: str) -> Granted:
        """Return an access token. Raises SignInRefusedError."""
        parameters = {"REFRESH_TOKEN": refresh_token}
        answer = self._ask(
            self._client.initiate_auth, _REFUSALS, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters
        )
        if isinstance(answer, Challenged):
            raise UnsupportedChallengeError(answer.challenge)
        return answer

    def revoke(self, refresh_token: str) -> None:
        """Make a refresh token void; one that is so already is no error."""
        with suppress(SignInRefusedError), translated(_NOTHING_TO_REVOKE):
            self._client.revoke_token(ClientId=self._client_id, Token=refresh_token)

    def _answer(
        self, challenge: str, session: str, responses: dict[str, str], meanings: Mapping[str, type[IdentityError]]
    ) -> Granted | Challenged:
        return self._ask(
            self._client.respond_to_auth_challenge,
            meanings,
            ChallengeName=challenge,
            Session=session,
            ChallengeResponses=responses,
        )

    def _ask(
        self,
        call: Callable[..., Any],
        meanings: Mapping[str, type[IdentityError]],
        **request: Any,  # noqa: ANN401  a request of Cognito's
    ) -> Granted | Challenged:
        with translated(meanings):
            answer = call(ClientId=self._client_id, **request)
        if result := answer.get("AuthenticationResult"):
            return Granted(result["AccessToken"], result.get("RefreshToken"), result["ExpiresIn"])
        challenge = _CHALLENGES.get(answer["ChallengeName"])
        if challenge is None:
            raise UnsupportedChallengeError(answer["ChallengeName"])
        return Challenged(challenge, answer["Session"])
