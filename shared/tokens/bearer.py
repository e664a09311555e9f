"""The token in an Authorization header, verified, or refused with a line that says why."""

from shared.observability.lines import Apart, RequestLog
from shared.tokens.issuers import Issuer, read_issuers
from shared.tokens.keys import KeyCache
from shared.tokens.verifier import Identity, InvalidTokenError, Verifier


class BearerTokens:
    """Verifier of Authorization headers, which logs and counts what it refuses; it holds the issuers' keys.

    Parameters
    ----------
    issuers
        The setting that lists whose tokens are accepted, as `read_issuers` takes it.
    log
        Where refusals are written, and keys that can't be fetched.

    Raises
    ------
    SettingsError
        When `issuers` does not list any, or not properly.
    """

    def __init__(self, issuers: str, log: RequestLog) -> None:
        self._log = log
        self.verifier = Verifier(read_issuers(issuers), self._keys_of)

    def identify(self, header: str | None, **fields: str) -> Identity:
        """Return whom the token in the value of an Authorization header speaks for.

        Parameters
        ----------
        header
            The header's value.
        fields
            What tells this request from another in the line about a refusal.

        Raises
        ------
        InvalidTokenError
            When there is no token that can be trusted.
        """
        try:
            return self.verifier.verify(_bearer_token(header or ""))
        except InvalidTokenError as error:
            metrics = {"Denied": (1.0, "Count")}
            self._log.write(
                "WARNING", "token refused", metrics=metrics, apart=Apart("Denied", "reason"), reason=str(error),
                **fields,
            )  # fmt: skip
            raise

    def _keys_of(self, issuer: Issuer) -> KeyCache:
        """Return an empty cache of an issuer's keys, which logs and counts when it can't be filled."""

        def report(reason: str) -> None:
            metrics = {"KeysUnavailable": (1.0, "Count")}
            self._log.write("ERROR", "keys could not be fetched", metrics=metrics, issuer=issuer.issuer, reason=reason)

        return KeyCache(issuer.jwks_url, report=report)


def _bearer_token(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        message = "no-bearer-token"
        raise InvalidTokenError(message)
    return token
