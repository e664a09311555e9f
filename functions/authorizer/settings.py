"""Environment of the authorizer."""

from shared.settings import Settings


class AuthorizerSettings(Settings):
    """Environment of `authorizer`.

    `token_secret_arn` is the secret that holds the signing key; `token_issuer` is who tokens must be issued by.
    """

    token_issuer: str
    token_secret_arn: str
