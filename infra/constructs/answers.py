"""Answers that API Gateway gives without a function."""

import json
from typing import NamedTuple

from aws_cdk import aws_apigateway as apigateway

from infra.constructs.preflight import ALLOW_ORIGIN, allow_origin

_VARY = "method.response.header.Vary"


class Answer(NamedTuple):
    """What a method without a function does, and each answer that it declares."""

    integration: apigateway.Integration
    responses: list[apigateway.MethodResponse]


def health(origins: tuple[str, ...]) -> Answer:
    """Return what is answered without any function, so that it tells of API Gateway alone."""
    document = json.dumps({"status": "ok"})
    integration = apigateway.MockIntegration(
        request_templates={"application/json": '{"statusCode": 200}'},
        integration_responses=[
            apigateway.IntegrationResponse(
                status_code="200",
                response_parameters={_VARY: "'Origin'"},
                response_templates={"application/json": f"{allow_origin(origins)}\n{document}"},
            )
        ],
    )
    declared = apigateway.MethodResponse(status_code="200", response_parameters={ALLOW_ORIGIN: True, _VARY: True})
    return Answer(integration, [declared])
