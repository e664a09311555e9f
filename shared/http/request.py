"""A request, as API Gateway's proxy integration hands it to a function."""

import base64
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_CORRELATION_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Request(NamedTuple):
    """What handlers read of a request.

    `headers` has names in lower case; `path` is below the stage; `base_path` is what precedes it in the caller's URL,
    such as `/v1`; `subject` and `role` come from the authorizer and are empty on public routes. `source_ip` is who
    connected to the API: it must not leave the function, neither in a message nor in a log line.
    """

    method: str
    resource: str
    path: str
    base_path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    path_parameters: Mapping[str, str]
    body: bytes
    request_id: str
    correlation_id: str
    subject: str
    role: str
    source_ip: str = ""

    @property
    def origin(self) -> str:
        """Return the Origin header, or nothing."""
        return self.headers.get("origin", "")

    @property
    def content_type(self) -> str:
        """Return the body's media type without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def url_of(self, path: str) -> str:
        """Return the absolute URL of another path of this API, on the host that the caller used."""
        scheme = self.headers.get("x-forwarded-proto", "https")
        return f"{scheme}://{self.headers.get('host', '')}{self.base_path}{path}"


def parse_request(event: Mapping[str, Any]) -> Request:
    """Return the request in a proxy event (payload format 1.0).

    Source: "Input format of a Lambda function for proxy integration", API Gateway Developer Guide.
    """
    context = event["requestContext"]
    authorized = context.get("authorizer") or {}
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    body = event.get("body") or ""
    path = event["path"]
    request_id = context["requestId"]
    given = headers.get("x-correlation-id", "")
    return Request(
        method=event["httpMethod"],
        resource=event["resource"],
        path=path,
        base_path=context.get("path", path).removesuffix(path),
        headers=headers,
        query=event.get("queryStringParameters") or {},
        path_parameters=event.get("pathParameters") or {},
        body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
        request_id=request_id,
        correlation_id=given if _CORRELATION_ID.fullmatch(given) else request_id,
        subject=authorized.get("principalId", ""),
        role=authorized.get("role", ""),
        source_ip=(context.get("identity") or {}).get("sourceIp") or "",
    )
