"""Who callers are: the signing key of this stage's own tokens, and the authorizer that checks them."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from functions.authorizer.settings import AuthorizerSettings
from infra.constructs.acknowledged import acknowledge
from infra.constructs.function import Function, Grant, Surroundings
from infra.names import Names

_CACHE_MINUTES = 5
_KEY_CHARACTERS = 64


class Identity(Construct):
    """Signing key, authorizer function, and the authorizer that API Gateway asks."""

    def __init__(self, scope: Construct, id_: str, *, surroundings: Surroundings) -> None:
        super().__init__(scope, id_)
        names = Names(surroundings.stage.name)
        secret = secretsmanager.Secret(
            self,
            "TokenSigningKey",
            secret_name=names.token_secret,
            description="Key of the tokens that this stage signs itself",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=_KEY_CHARACTERS, exclude_punctuation=True
            ),
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            secret,
            {"AwsSolutions-SMG4": "nobody but operators reads it; replacing it is how every token is revoked"},
        )
        self.function = Function(
            self,
            "authorizer",
            settings=AuthorizerSettings(token_issuer=names.token_issuer, token_secret_arn=secret.secret_arn),
            grants=(Grant(("secretsmanager:GetSecretValue",), (secret.secret_arn,)),),
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
