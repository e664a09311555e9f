"""What API Gateway answers by itself, in the one shape of every error."""

import json
from typing import NamedTuple

from aws_cdk import aws_apigateway as apigateway

from shared.http.cors import EXPOSED

_Type = apigateway.ResponseType


class GatewayProblem(NamedTuple):
    """A problem that API Gateway finds before any function is asked."""

    type: apigateway.ResponseType
    status: int
    slug: str
    title: str
    detail: str
    body_error: str | None = None
    retry_after: int | None = None


PROBLEMS: tuple[GatewayProblem, ...] = (
    GatewayProblem(
        _Type.BAD_REQUEST_BODY, 400, "invalid-request", "Invalid request",
        "The body does not fit its schema.", body_error="Must be a JSON object with known fields only.",
    ),
    GatewayProblem(
        _Type.BAD_REQUEST_PARAMETERS, 400, "invalid-request", "Invalid request", "A required parameter is missing.",
    ),
    GatewayProblem(
        _Type.UNAUTHORIZED, 401, "unauthorized", "Unauthorized",
        "Send a valid token as 'Authorization: Bearer <token>'.",
    ),
    GatewayProblem(_Type.ACCESS_DENIED, 403, "forbidden", "Forbidden", "The token's role does not open this route."),
    GatewayProblem(_Type.INVALID_API_KEY, 403, "forbidden", "Forbidden", "The API key is missing or not valid."),
    GatewayProblem(
        _Type.MISSING_AUTHENTICATION_TOKEN, 404, "not-found", "Not found", "There is no such route or method.",
    ),
    GatewayProblem(
        _Type.RESOURCE_NOT_FOUND, 404, "not-found", "Not found", "There is no such route or method.",
    ),
    GatewayProblem(_Type.WAF_FILTERED, 403, "forbidden", "Forbidden", "The request was refused by a firewall."),
    GatewayProblem(
        _Type.REQUEST_TOO_LARGE, 413, "body-too-large", "Body too large", "The body is over API Gateway's limit.",
    ),
    GatewayProblem(
        _Type.UNSUPPORTED_MEDIA_TYPE, 415, "unsupported-media-type", "Unsupported media type",
        "The body is of a type that this route does not read.",
    ),
    GatewayProblem(
        _Type.THROTTLED, 429, "throttled", "Too many requests", "Slow down and send it again.", retry_after=1,
    ),
    GatewayProblem(
        _Type.QUOTA_EXCEEDED, 429, "quota-exceeded", "Quota exceeded", "The API key's quota is used up.",
        retry_after=3600,
    ),
    GatewayProblem(
        _Type.INTEGRATION_TIMEOUT, 504, "timeout", "Timeout", "No answer came in time. Send it again.", retry_after=5,
    ),
    GatewayProblem(_Type.DEFAULT_4_XX, 400, "bad-request", "Bad request", "The request could not be understood."),
    GatewayProblem(
        _Type.DEFAULT_5_XX, 500, "internal-error", "Internal error",
        "Something broke on our side. Send it again later, with the same Idempotency-Key if it had one.",
    ),
)  # fmt: skip


def add_gateway_problems(api: apigateway.RestApi, *, site_origin: str) -> None:
    """Give `api` the gateway responses.

    API Gateway can't choose among origins here: its own answers are readable to the site itself, the first allowed
    origin, and to no other.
    """
    for problem in PROBLEMS:
        headers = {
            "Content-Type": "'application/problem+json'",
            "Access-Control-Allow-Origin": f"'{site_origin}'",
            "Access-Control-Expose-Headers": f"'{EXPOSED}'",
            "Vary": "'Origin'",
        }
        if problem.retry_after is not None:
            headers["Retry-After"] = f"'{problem.retry_after}'"
        if problem.status == 401:  # noqa: PLR2004  Unauthorized
            headers["WWW-Authenticate"] = "'Bearer'"
        api.add_gateway_response(
            problem.type.response_type,
            type=problem.type,
            status_code=str(problem.status),
            response_headers=headers,
            templates={"application/json": json.dumps(_document(problem))},
        )


def _document(problem: GatewayProblem) -> dict[str, object]:
    document: dict[str, object] = {
        "type": f"urn:sitewire:problem:{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": "$context.resourcePath",
        "request_id": "$context.requestId",
    }
    if problem.body_error:
        document["errors"] = [{"pointer": "", "detail": problem.body_error}]
    return document
