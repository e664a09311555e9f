"""The REST API: its stage, its routes, and what API Gateway does by itself."""

import json
from collections.abc import Mapping
from typing import Any

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.acknowledged import acknowledge
from infra.constructs.answers import Answer, health
from infra.constructs.gateway_responses import add_gateway_problems
from infra.constructs.preflight import add_preflight
from infra.names import API_STAGE, Names
from infra.stage import Limit, Stage
from schemas.gateway_models import gateway_model
from schemas.routes import ROUTES, Role, Route

_SECONDS_A_MINUTE = 60

_ACCESS_LOG = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "latency_ms": "$context.responseLatency",
    "integration_latency_ms": "$context.integrationLatency",
    "authorizer_latency_ms": "$context.authorizer.latency",
    "response_bytes": "$context.responseLength",
    "error_type": "$context.error.responseType",
    "principal": "$context.authorizer.principalId",
    "xray_trace_id": "$context.xrayTraceId",
}
"""Fields of the access log; no address, no user agent, no query: they would be personal."""


class Api(Construct):
    """REST API of the routes in `schemas.routes`.

    Parameters
    ----------
    stage
        The stage.
    functions
        The functions that answer, by short name.
    authorizer
        Who decides on the routes that need a role.
    answers
        What is answered without a function, by route such as `GET /api/health`; that one is known here.
    """

    def __init__(
        self, scope: Construct, id_: str, *, stage: Stage, functions: dict[str, lambda_.Alias],
        authorizer: apigateway.IAuthorizer, answers: Mapping[str, Answer],
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        self._answers = {"GET /api/health": health(stage.allowed_origins), **answers}
        self._keyed = frozenset(stage.keyed_routes)
        self._functions = functions
        self._authorizer = authorizer
        self.api = self._rest_api(stage)
        self._validator = self.api.add_request_validator("BodyValidator", validate_request_body=True)
        self._models = {
            name: self._model(name) for name in sorted({route.request for route in ROUTES if route.request})
        }
        for route in ROUTES:
            self._add(route)
        for path in sorted({route.path for route in ROUTES}):
            add_preflight(self.api.root.resource_for_path(path), path, origins=stage.allowed_origins)
        add_gateway_problems(self.api, site_origin=stage.site_origin)
        acknowledge(
            self.api,
            {
                "AwsSolutions-APIG2": "methods that take a body carry the validator; the others have none to validate",
                "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
                "AmazonAPIGatewayPushToCloudWatchLogs]": "the policy that API Gateway documents for its logs",
                "AwsSolutions-APIG3": "a web ACL costs more a month than a small site's whole backend; attach one "
                "where a site is under attack",
                "AwsSolutions-APIG4": "public routes are what browsers post to; the others carry an authorizer",
                "AwsSolutions-COG4": "identity comes from a Lambda authorizer, so that any issuer can be configured",
            },
        )
        if not stage.trace_api:
            acknowledge(self.api, {"Serverless-APIGWXrayEnabled": "its segments would hold callers' addresses"})

    def _rest_api(self, stage: Stage) -> apigateway.RestApi:
        names = Names(stage.name)
        access_log = logs.LogGroup(
            self, "AccessLog", log_group_name=names.access_log_group, retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )  # fmt: skip
        return apigateway.RestApi(
            self,
            "Rest",
            rest_api_name=names.api,
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=True,
            deploy_options=apigateway.StageOptions(
                stage_name=API_STAGE,
                access_log_destination=apigateway.LogGroupLogDestination(access_log),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(_ACCESS_LOG)),
                tracing_enabled=stage.trace_api,
                **_method_settings(stage.throttle.limit()),
                # A method's own settings take the place of the stage's altogether, so these say the rest again.
                method_options={
                    f"{route.path}/{route.method}": apigateway.MethodDeploymentOptions(
                        **_method_settings(stage.throttle.limit(route.throttle))
                    )
                    for route in ROUTES
                    if route.throttle
                },
            ),
        )

    def _model(self, name: str) -> apigateway.Model:
        # A raw schema, because CDK's typed one knows no plain JSON Schema documents.
        model = apigateway.Model(
            self, name, rest_api=self.api, model_name=name, content_type="application/json",
            schema=apigateway.JsonSchema(type=apigateway.JsonSchemaType.OBJECT),
        )  # fmt: skip
        resource = model.node.default_child
        assert isinstance(resource, apigateway.CfnModel)  # noqa: S101  the construct's one resource
        resource.schema = gateway_model(name)
        if deployment := self.api.latest_deployment:
            # What is served is a snapshot, made again when its id changes; that of CDK knows the typed schema only.
            deployment.add_to_logical_id({"model": resource.schema})
        return model

    def _add(self, route: Route) -> None:
        options: dict[str, Any] = {}
        if f"{route.method} {route.path}" in self._keyed:
            options["api_key_required"] = True
        if route.role > Role.PUBLIC:
            options["authorizer"] = self._authorizer
        if route.request:
            media_types = ["application/json", "application/merge-patch+json"][: 2 if route.method == "PATCH" else 1]
            options["request_models"] = dict.fromkeys(media_types, self._models[route.request])
            options["request_validator"] = self._validator
        resource = self.api.root.resource_for_path(route.path)
        if route.function is None:
            answer = self._answers[f"{route.method} {route.path}"]
            resource.add_method(route.method, answer.integration, method_responses=answer.responses, **options)
        else:
            # The console's test button would need a permission of its own.
            integration = apigateway.LambdaIntegration(self._functions[route.function], allow_test_invoke=False)
            resource.add_method(route.method, integration, **options)


def _method_settings(limit: Limit) -> dict[str, Any]:
    """Return how methods are watched, and the limit on them."""
    return {
        "logging_level": apigateway.MethodLoggingLevel.ERROR,
        "data_trace_enabled": False,
        "metrics_enabled": True,
        "throttling_rate_limit": limit.requests_per_minute / _SECONDS_A_MINUTE,
        "throttling_burst_limit": limit.burst,
    }
