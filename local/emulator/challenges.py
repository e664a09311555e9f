"""Cognito: challenges of a sign-in."""

import json
import time
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito

_CHALLENGES = frozenset({"NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA"})
_CHALLENGE_SECONDS = 180
_OK = 200


def mend_challenges() -> None:
    """Let a sign-in's challenge be answered by whom it was put to, once, with a password that the pool takes.

    MiniStack asks for no session: whoever knows an address could choose its password.
    """
    ask, respond = cognito._initiate_auth, cognito._respond_to_auth_challenge
    asked: dict[str, tuple[str, str, float]] = {}

    def remember(response: Any, pool: Any, username: str) -> Any:  # noqa: ANN401  MiniStack's own
        document = json.loads(response[2])
        if document.get("ChallengeName") in _CHALLENGES:
            user, _ = cognito._resolve_user(pool, username)
            asked[document["Session"]] = (document["ChallengeName"], user["Username"], time.monotonic())
        return response

    def ask_and_remember(data: dict[str, Any]) -> Any:  # noqa: ANN401
        pool, _ = cognito._pool_for_client(data.get("ClientId"))
        return remember(ask(data), pool, data.get("AuthParameters", {}).get("USERNAME", ""))

    def respond_if_asked(data: dict[str, Any]) -> Any:  # noqa: ANN401
        pool, _ = cognito._pool_for_client(data.get("ClientId"))
        responses = data.get("ChallengeResponses", {})
        username, session = responses.get("USERNAME", ""), data.get("Session", "")
        if pool is None or data.get("ChallengeName") not in _CHALLENGES:
            return remember(respond(data), pool, username)
        user, _ = cognito._resolve_user(pool, username)
        name, whom, when = asked.get(session, ("", "", 0.0))
        lapsed = time.monotonic() - when > _CHALLENGE_SECONDS
        if user is None or not user["Enabled"] or lapsed or (data["ChallengeName"], user["Username"]) != (name, whom):
            return error_response_json("NotAuthorizedException", "Invalid session for the user.", 400)
        if (password := responses.get("NEW_PASSWORD")) and (refusal := cognito._validate_password(pool, password)):
            return refusal
        response = respond(data)
        if response[0] == _OK:
            del asked[session]
        return response

    cognito._initiate_auth, cognito._respond_to_auth_challenge = ask_and_remember, respond_if_asked
