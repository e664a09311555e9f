"""Answers to CORS preflight requests, given by API Gateway without a function."""

from aws_cdk import aws_apigateway as apigateway

from schemas.routes import ROUTES
from shared.http.cors import origin_pattern

_MAX_AGE_SECONDS = 7200
_REQUEST_HEADERS = "Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,Prefer,X-Api-Key,X-Correlation-Id"
ALLOW_ORIGIN = "method.response.header.Access-Control-Allow-Origin"
"""Header that `allow_origin` sets: a method must declare it."""


def add_preflight(resource: apigateway.IResource, path: str, *, origins: tuple[str, ...]) -> None:
    """Answer OPTIONS on a path.

    A foreign origin gets an answer without Access-Control-Allow-Origin, which its browser takes as a refusal.
    """
    methods = ",".join(sorted({route.method for route in ROUTES if route.path == path}))
    constants = {
        "Access-Control-Allow-Headers": _REQUEST_HEADERS,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Max-Age": str(_MAX_AGE_SECONDS),
        "Vary": "Origin",
    }
    parameters = {f"method.response.header.{name}": f"'{value}'" for name, value in constants.items()}
    resource.add_method(
        "OPTIONS",
        apigateway.MockIntegration(
            request_templates={"application/json": '{"statusCode": 204}'},
            integration_responses=[
                apigateway.IntegrationResponse(
                    status_code="204",
                    response_parameters=parameters,
                    response_templates={"application/json": allow_origin(origins)},
                )
            ],
        ),
        authorization_type=apigateway.AuthorizationType.NONE,
        method_responses=[
            apigateway.MethodResponse(
                status_code="204", response_parameters=dict.fromkeys([*parameters, ALLOW_ORIGIN], True)
            )
        ],
    )


def allow_origin(origins: tuple[str, ...]) -> str:
    """Return the beginning of a response's template that grants an allowed origin the right to read it.

    The origin is compared by the template, because a mapping can only state a constant.
    """
    pattern = "|".join(map(origin_pattern, origins))
    return (
        '#set($origin = $input.params().header.get("Origin"))\n'
        '#if(!$origin)#set($origin = $input.params().header.get("origin"))#end\n'
        f'#if($origin && $origin.matches("{pattern}"))\n'
        "#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)\n"
        "#end"
    )
