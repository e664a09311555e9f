"""Environment of the authorizer."""

from shared.settings import Settings


class AuthorizerSettings(Settings):
    """Environment of `authorizer`."""

    issuers: str
    """Whose tokens are accepted: a JSON array of objects with `issuer` (the exact `iss`), `jwks_url`, `audience`,
    `kind` (`cognito` or `oidc`) and `role_claim` (the claim that holds the roles)."""
