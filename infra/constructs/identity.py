"""Who callers are: the issuers whose tokens are trusted, and the authorizer that checks them."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from functions.authorizer.settings import AuthorizerSettings
from infra.constructs.function import Function, Surroundings
from infra.constructs.user_pool import UserPool

_CACHE_MINUTES = 5


class Identity(Construct):
    """The authorizer function, which needs no permission, and the authorizer that API Gateway asks.

    `issuers` is the setting of that name for every function that verifies tokens: who is trusted, as JSON.

    Parameters
    ----------
    users
        The stage's own user pool, which is trusted unless the stage says otherwise.
    surroundings
        What every function shares.
    """

    def __init__(self, scope: Construct, id_: str, *, users: UserPool, surroundings: Surroundings) -> None:
        super().__init__(scope, id_)
        stage = surroundings.stage
        trusted = [{**issuer.model_dump(), "kind": "oidc"} for issuer in stage.issuers]
        if stage.cognito:
            trusted.insert(0, _cognito(users))
        self.issuers = Stack.of(self).to_json_string(trusted)
        self.function = Function(
            self,
            "authorizer",
            settings=AuthorizerSettings(issuers=self.issuers),
            grants=(),
            surroundings=surroundings,
        )
        self.authorizer = apigateway.TokenAuthorizer(
            self,
            "Authorizer",
            handler=self.function.alias,
            # Anything else can't be a token of ours, and is refused without waking the function.
            validation_regex=r"^[Bb]earer [A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+$",
            results_cache_ttl=Duration.minutes(_CACHE_MINUTES),
        )


def _cognito(users: UserPool) -> dict[str, str]:
    return {
        "issuer": users.issuer,
        "jwks_url": f"{users.issuer}/.well-known/jwks.json",
        "audience": users.client_id,
        "kind": "cognito",
        "role_claim": "cognito:groups",
    }
