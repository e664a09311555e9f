"""API Gateway: what MiniStack leaves out of its answers to preflights, and of how it checks requests."""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from ministack.services import apigateway_v1

request_now: ContextVar[Mapping[str, Any]] = ContextVar("request_now")
"""The request that is being answered, as MiniStack keeps it."""

_CONDITION = re.compile(r'\$origin\.matches\("([^"]*)"\)')
_OVERRIDE = re.compile(r"#set\(\$context\.responseOverride\.header\.([A-Za-z-]+) = \$origin\)")


def keep_request() -> None:
    """Keep in `request_now` the request that is being answered: MiniStack does not hand it on."""
    execute = apigateway_v1._execute_in_scope

    async def keep_and_execute(request: dict[str, Any], *arguments: Any) -> Any:  # noqa: ANN401  MiniStack's own
        request_now.set(request)
        return await execute(request, *arguments)

    apigateway_v1._execute_in_scope = keep_and_execute


def mend_preflight() -> None:
    """Let MOCK integrations evaluate the origin test in the response template, which MiniStack returns unevaluated."""
    answer_with_constants = apigateway_v1._invoke_mock_v1

    def answer(integration: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's own
        status, headers, body = answer_with_constants(integration)
        template = body.decode()
        condition, override = _CONDITION.search(template), _OVERRIDE.search(template)
        if condition and override:
            body = template.rpartition("#end")[2].lstrip().encode()
            origin = header_of(request_now.get()["headers"], "origin")
            if re.fullmatch(condition[1], origin):
                headers[override[1]] = origin
        return status, headers, body

    apigateway_v1._invoke_mock_v1 = answer


def mend_undeclared_media_types() -> None:
    """Let a body pass for whose media type a method declares no model: MiniStack takes it for JSON."""
    validate = apigateway_v1._check_request_validation

    def validate_declared(
        method: dict[str, Any],
        api_id: str,
        request: Any,  # noqa: ANN401
        headers: dict[str, Any],
        *rest: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        media_type = header_of(headers, "content-type").partition(";")[0].strip()
        if media_type and media_type not in (method.get("requestModels") or {}):
            return None
        return validate(method, api_id, request, headers, *rest)

    apigateway_v1._check_request_validation = validate_declared


def header_of(headers: Mapping[str, Any], wanted: str) -> str:
    """Return a header by its name in lower case; empty where there is none."""
    return next((str(value) for name, value in headers.items() if name.lower() == wanted), "")
