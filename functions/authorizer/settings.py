"""Environment of the authorizer."""

from shared.settings import Settings


class AuthorizerSettings(Settings):
    """Environment of `authorizer`."""

    token_issuer: str
    """Whom tokens must be issued by (`iss`)."""
    token_secret_arn: str
    """The secret that holds the signing key; read again after five minutes."""
