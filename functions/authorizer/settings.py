"""Environment of the authorizer."""

from shared.settings import Settings


class AuthorizerSettings(Settings):
    """Environment of `authorizer`."""

    issuers: str
    """Whose tokens are trusted: a JSON array of objects with `issuer`, `jwks_url`, `audience`, `kind` (`cognito` or
    `oidc`) and `role_claim`."""
