"""API Gateway's mapping templates: what of Velocity and of API Gateway's variables MiniStack does not know."""

import base64
import re
import time
from typing import Any

from ministack.services import apigateway_v1

from local.emulator.gateway import header_of, request_now

_IF = re.compile(r"#(if)\(|#(end)\b")
_JAVASCRIPT = {
    "\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "'": r"\'", "/": r"\/", "\\": r"\\",
}  # fmt: skip
"""How Apache's `escapeJavaScript`, which API Gateway calls, escapes what has a shape of its own."""


def mend_template_conditions() -> None:
    """Let mapping templates have `#if`, without `#else`, on whether two values are equal: MiniStack writes it out."""
    render = apigateway_v1._vtl_render

    def holds(condition: str, state: dict[str, Any]) -> bool:
        left, right = (apigateway_v1._vtl_value(side, state) for side in condition.split("=="))
        return bool(left == right)

    def render_with_conditions(text: str, state: dict[str, Any]) -> str:
        found = _IF.search(text)
        if found is None:
            return str(render(text, state))
        before = render(text[: found.start()], state)
        condition_end = apigateway_v1._vtl_close_paren(text, found.end() - 1)
        end = _end_of_condition(text, condition_end + 1)
        inside = text[condition_end + 1 : end.start()] if holds(text[found.end() : condition_end], state) else ""
        state["gobbled"] = False
        return f"{before}{render_with_conditions(inside, state)}{render_with_conditions(text[end.end() :], state)}"

    apigateway_v1._vtl_render = render_with_conditions


def _end_of_condition(text: str, start: int) -> re.Match[str]:
    depth = 1
    for found in _IF.finditer(text, start):
        depth += 1 if found[1] else -1
        if depth == 0:
            return found
    message = "an #if has no #end"
    raise ValueError(message)


def mend_template_variables() -> None:
    """Let mapping templates read and escape what API Gateway documents: MiniStack makes all of it empty.

    These are the maps of `$input.params()`, ids, time and user agent of `$context`, `escapeJavaScript` and
    `base64Decode` of `$util`, and Java's `replaceAll` on any text.
    """
    render, resolve = apigateway_v1._render_request_template_v1, apigateway_v1._vtl_resolve
    read_input, use = apigateway_v1._vtl_input, apigateway_v1._vtl_util

    def render_with_context(template: str, body: str, parameters: dict[str, Any], context: Any = None) -> str:  # noqa: ANN401
        request = request_now.get()
        known = {
            "requestId": request["request_id"],
            "requestTimeEpoch": time.time_ns() // 1_000_000,
            "resourcePath": request["resource_path"],
            "identity": {"userAgent": header_of(request["headers"], "user-agent")},
        }
        return str(render(template, body, parameters, {**known, **(context or {})}))

    def read_maps(steps: list[tuple[str, str | None]], state: dict[str, Any]) -> Any:  # noqa: ANN401
        if not steps or steps[0] != ("params", ""):
            return read_input(steps, state)
        request = request_now.get()
        # API Gateway keeps the last of several values.
        query = {
            name: value[-1] if isinstance(value, list) else value for name, value in request["query_params"].items()
        }
        maps = {"path": request["path_params"], "querystring": query, "header": dict(request["headers"])}
        return apigateway_v1._vtl_walk(maps, steps[1:], state)

    def use_more(steps: list[tuple[str, str | None]], state: dict[str, Any]) -> Any:  # noqa: ANN401
        name, arguments = steps[0]
        if name not in {"base64Decode", "escapeJavaScript"}:
            return use(steps, state)
        text = apigateway_v1._vtl_str(apigateway_v1._vtl_value(arguments, state))
        if name == "base64Decode":
            return base64.b64decode(text).decode(errors="replace")
        return "".join(map(_escaped, text))

    def resolve_methods(reference: Any, state: dict[str, Any]) -> Any:  # noqa: ANN401
        end, quiet, root, steps = reference
        if not steps or steps[-1][0] != "replaceAll":
            return resolve(reference, state)
        text = resolve_methods((end, quiet, root, steps[:-1]), state)
        split = apigateway_v1._vtl_split_args(steps[-1][1])
        pattern, replacement = (apigateway_v1._vtl_value(argument, state) for argument in split)
        # Java's groups are written $1.
        return re.sub(pattern, re.sub(r"\$(\d)", r"\\\1", replacement), text)

    apigateway_v1._render_request_template_v1 = render_with_context
    apigateway_v1._vtl_input, apigateway_v1._vtl_util = read_maps, use_more
    apigateway_v1._vtl_resolve = resolve_methods


def _escaped(character: str) -> str:
    if character in _JAVASCRIPT:
        return _JAVASCRIPT[character]
    if " " <= character <= "\x7f":
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex().upper()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))
