"""The embedded AWS's own process: MiniStack, with known gaps mended at their source.

It runs in the emulator's environment, where nothing of this project is installed, and imports nothing of it.
Environment: what MiniStack reads; `SITEWIRE_API_ID` and `SITEWIRE_API_STAGE`, the API behind the plain URL; and
optionally `SITEWIRE_DECISIONS`, a file to which every decision about a role's call is written.
"""

import base64
import hashlib
import json
import os
import re
import signal
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ministack import app as ministack
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.core.responses import error_response_json, json_response
from ministack.services import apigateway_v1, cloudwatch_logs, cognito

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

_origin: ContextVar[str] = ContextVar("origin", default="")
"""The Origin header of the request that is being answered."""

_request: ContextVar[Mapping[str, Any]] = ContextVar("request")
"""The request that is being answered, as MiniStack keeps it."""

_CONDITION = re.compile(r'\$origin\.matches\("([^"]*)"\)')
_CHALLENGES = frozenset({"NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA"})
_CHALLENGE_SECONDS = 180
_LOG_PAGE = 10_000
_OK = 200
_FORBIDDEN = 403
_IF = re.compile(r"#(if)\(|#(end)\b")
_JAVASCRIPT = {
    "\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "'": r"\'", "/": r"\/", "\\": r"\\",
}  # fmt: skip
"""How Apache's `escapeJavaScript`, which API Gateway calls, escapes what has a shape of its own."""
_OVERRIDE = re.compile(r"#set\(\$context\.responseOverride\.header\.([A-Za-z-]+) = \$origin\)")


class PlainUrl:
    """Serves the API at `http://localhost:<port>/<stage>/...`, a URL that any client can use and that stays the same.

    API Gateway tells a function how the caller reached it by X-Forwarded headers, so those are added here.
    """

    def __init__(self, application: Application, *, api_id: str, stage: str) -> None:
        self._application = application
        self._prefix = f"/{stage}"
        self._target = f"/_aws/execute-api/{api_id}"

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI's own
        """Rewrite the paths below the stage; everything else is an AWS call."""
        path = scope.get("path", "")
        if scope["type"] == "http" and (path == self._prefix or path.startswith(f"{self._prefix}/")):
            raw = scope.get("raw_path") or path.encode()
            forwarded = [(b"x-forwarded-proto", scope.get("scheme", "http").encode()),
                         (b"x-forwarded-for", (scope.get("client") or ("127.0.0.1",))[0].encode())]  # fmt: skip
            headers = [header for header in scope["headers"] if header[0].lower() not in dict(forwarded)]
            scope = {
                **scope,
                "path": f"{self._target}{path}",
                "raw_path": self._target.encode() + raw,
                "headers": [*headers, *forwarded],
            }
        await self._application(scope, receive, send)


def mend_preflight() -> None:
    """Let MOCK integrations evaluate the origin test in the response template, which MiniStack returns unevaluated."""
    answer_with_constants, execute = apigateway_v1._invoke_mock_v1, apigateway_v1._execute_in_scope

    async def execute_with_origin(request: dict[str, Any], *arguments: Any) -> Any:  # noqa: ANN401  MiniStack's own
        _origin.set(_header(request["headers"], "origin"))
        _request.set(request)
        return await execute(request, *arguments)

    def answer(integration: dict[str, Any]) -> Any:  # noqa: ANN401
        status, headers, body = answer_with_constants(integration)
        template = body.decode()
        condition, override = _CONDITION.search(template), _OVERRIDE.search(template)
        if condition and override:
            body = template.rpartition("#end")[2].lstrip().encode()
            if re.fullmatch(condition[1], _origin.get()):
                headers[override[1]] = _origin.get()
        return status, headers, body

    apigateway_v1._execute_in_scope, apigateway_v1._invoke_mock_v1 = execute_with_origin, answer


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
        request = _request.get()
        known = {
            "requestId": request["request_id"],
            "requestTimeEpoch": time.time_ns() // 1_000_000,
            "resourcePath": request["resource_path"],
            "identity": {"userAgent": _header(request["headers"], "user-agent")},
        }
        return str(render(template, body, parameters, {**known, **(context or {})}))

    def read_maps(steps: list[tuple[str, str | None]], state: dict[str, Any]) -> Any:  # noqa: ANN401
        if not steps or steps[0] != ("params", ""):
            return read_input(steps, state)
        request = _request.get()
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


def mend_integration_permissions() -> None:
    """Let API Gateway send to a queue only what the integration's role may: MiniStack asks nobody."""
    invoke = apigateway_v1._invoke_sqs_v1

    async def invoke_if_allowed(integration: dict[str, Any], *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        region, _, _, place = apigateway_v1._parse_service_integration_uri(integration["uri"])
        account, _, queue = place.partition("/")
        role = integration["credentials"].rpartition("/")[2]
        context = iam_evaluator.EvalContext(
            principal_arn=f"arn:aws:sts::{account}:assumed-role/{role}/BackplaneAssumeRoleSession",
            principal_type="AssumedRole",
            principal_account=account,
            action="sqs:SendMessage",
            resource_arn=f"arn:aws:sqs:{region}:{account}:{queue}",
            region=region,
        )
        policies = iam_evaluator._gather_role_policies(role, account)
        if iam_evaluator.evaluate(context, policies).decision != "Allow":
            refusal = f"{role} is not authorized to perform sqs:SendMessage on {queue}"
            return apigateway_v1._service_integration_response(integration, _FORBIDDEN, refusal, "", {})
        return await invoke(integration, *arguments, **options)

    apigateway_v1._invoke_sqs_v1 = invoke_if_allowed


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
        media_type = _header(headers, "content-type").partition(";")[0].strip()
        if media_type and media_type not in (method.get("requestModels") or {}):
            return None
        return validate(method, api_id, request, headers, *rest)

    apigateway_v1._check_request_validation = validate_declared


def mend_mail_permissions() -> None:
    """Let SendEmail be allowed on the sender's identity, as on AWS: MiniStack asks for a grant on every resource."""
    resource_of = iam_actions._ses_v2_resource_arn

    def identity_of(method: str, path: str, body: bytes, region: str, account_id: str) -> str:
        if path.rstrip("/") != "/v2/email/outbound-emails":
            return str(resource_of(method, path, body, region, account_id))
        sender = json.loads(body).get("FromEmailAddress", "")
        return f"arn:aws:ses:{region}:{account_id}:identity/{sender}"

    iam_actions._ses_v2_resource_arn = identity_of


def mend_batch_permissions() -> None:
    """Let a batch of messages be allowed as each of them, as on AWS: IAM knows no SendMessageBatch."""
    action_of = iam_actions.extract_iam_action

    def action_of_one(service: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  MiniStack's own
        action = action_of(service, *arguments, **options)
        return action.removesuffix("Batch") if service == "sqs" and action else action

    iam_actions.extract_iam_action = action_of_one


def mend_secure_transport() -> None:
    """Let the loopback interface count as TLS: the queues refuse everything else, and there is no certificate here."""
    resolve = iam_evaluator._resolve_condition_key

    def resolve_on_loopback(key: str, context: Any) -> Any:  # noqa: ANN401  MiniStack's own
        return "true" if key.lower() == "aws:securetransport" else resolve(key, context)

    iam_evaluator._resolve_condition_key = resolve_on_loopback


def record_decisions(path: str) -> None:
    """Append each decision about a role to a file, a JSON object a line, to compare what is granted with what is used.

    A resource's own policy is left out: what it does not name, the role may be allowed all the same.
    """
    evaluate, evaluate_resource = iam_evaluator.evaluate, iam_evaluator.evaluate_resource_policy
    of_resource: ContextVar[bool] = ContextVar("of_resource", default=False)
    decisions = Path(path).open("a", buffering=1)  # noqa: SIM115  open for as long as the process lives

    def evaluate_and_record(context: Any, *policies: Any) -> Any:  # noqa: ANN401  MiniStack's own
        result = evaluate(context, *policies)
        if of_resource.get():
            return result
        line = {
            "principal": context.principal_arn,
            "action": context.action,
            "resource": context.resource_arn,
            "allowed": result.decision == "Allow",
        }
        decisions.write(json.dumps(line) + "\n")
        return result

    def evaluate_unrecorded(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        token = of_resource.set(True)
        try:
            return evaluate_resource(*arguments, **options)
        finally:
            of_resource.reset(token)

    iam_evaluator.evaluate, iam_evaluator.evaluate_resource_policy = evaluate_and_record, evaluate_unrecorded


def mend_challenges() -> None:
    """Let a sign-in's challenge be answered by whom it was put to, once, with a password that the pool takes.

    MiniStack asks for no session: whoever knows an address could choose its password.
    """
    ask, respond = cognito._initiate_auth, cognito._respond_to_auth_challenge
    asked: dict[str, tuple[str, str, float]] = {}

    def remember(response: Any, pool: Any, username: str) -> Any:  # noqa: ANN401  MiniStack's own
        document = json.loads(response[2])
        if document.get("ChallengeName") in _CHALLENGES:
            user, _ = cognito._resolve_user(pool, username)
            asked[document["Session"]] = (document["ChallengeName"], user["Username"], time.monotonic())
        return response

    def ask_and_remember(data: dict[str, Any]) -> Any:  # noqa: ANN401
        pool, _ = cognito._pool_for_client(data.get("ClientId"))
        return remember(ask(data), pool, data.get("AuthParameters", {}).get("USERNAME", ""))

    def respond_if_asked(data: dict[str, Any]) -> Any:  # noqa: ANN401
        pool, _ = cognito._pool_for_client(data.get("ClientId"))
        responses = data.get("ChallengeResponses", {})
        username, session = responses.get("USERNAME", ""), data.get("Session", "")
        if pool is None or data.get("ChallengeName") not in _CHALLENGES:
            return remember(respond(data), pool, username)
        user, _ = cognito._resolve_user(pool, username)
        name, whom, when = asked.get(session, ("", "", 0.0))
        lapsed = time.monotonic() - when > _CHALLENGE_SECONDS
        if user is None or not user["Enabled"] or lapsed or (data["ChallengeName"], user["Username"]) != (name, whom):
            return error_response_json("NotAuthorizedException", "Invalid session for the user.", 400)
        if (password := responses.get("NEW_PASSWORD")) and (refusal := cognito._validate_password(pool, password)):
            return refusal
        response = respond(data)
        if response[0] == _OK:
            del asked[session]
        return response

    cognito._initiate_auth, cognito._respond_to_auth_challenge = ask_and_remember, respond_if_asked


def mend_log_pages() -> None:
    """Let FilterLogEvents go on after its first page: MiniStack answers the oldest lines and leaves the others out.

    A page's token is the time of its last line, and how many lines of that time have been given.
    """
    read = cloudwatch_logs._filter_log_events

    def read_page(data: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's own
        since, _, known = data.get("nextToken", "").partition(":")
        given = int(known or 0)
        limit = min(data.get("limit", _LOG_PAGE) + given, _LOG_PAGE)
        response = read({**data, "limit": limit, **({"startTime": int(since)} if since else {})})
        if response[0] != _OK:
            return response
        document = json.loads(response[2])
        events = document["events"]
        if len(events) == limit:
            last = events[-1]["timestamp"]
            document["nextToken"] = f"{last}:{sum(event['timestamp'] == last for event in events)}"
        return json_response({**document, "events": events[given:]})

    cloudwatch_logs._filter_log_events = read_page


def mend_unpacking() -> None:
    """Let workers share what their code and layers hold: to unpack those is most of what a cold start takes here.

    An archive is unpacked once, by its content, and linked to; on Lambda, too, a function can't write to them.
    """
    unpacking = threading.Lock()

    class Unpacked(zipfile.ZipFile):
        """An archive of which a worker needs the files alone."""

        @cached_property
        def _folder(self) -> Path:
            with Path(str(self.filename)).open("rb") as archive:
                digest = hashlib.file_digest(archive, "sha256").hexdigest()
            return Path(tempfile.gettempdir()) / "unpacked" / digest

        def namelist(self) -> list[str]:
            """Return what is to be checked before it is unpacked: nothing where that was done before."""
            return [] if self._folder.exists() else super().namelist()

        def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:  # noqa: ANN401
            """Link to the files, which are unpacked the first time."""
            folder = self._folder
            with unpacking:
                if not folder.exists():
                    unfinished = folder.with_suffix(".unfinished")
                    super().extractall(unfinished, members, pwd)
                    unfinished.rename(folder)
            for entry in folder.iterdir():
                (Path(path) / entry.name).symlink_to(entry)

    lambda_runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": Unpacked})


def end_with_parent() -> None:
    """End in order when whoever started this process is gone: its end of our standard input closes then."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def _header(headers: Mapping[str, Any], wanted: str) -> str:
    return next((str(value) for name, value in headers.items() if name.lower() == wanted), "")


def main() -> None:
    """Serve until SIGTERM."""
    # Functions inherit this process's environment, and Powertools would take this for its own setting.
    os.environ.pop("LOG_LEVEL", None)
    end_with_parent()
    mend_preflight()
    mend_template_conditions()
    mend_template_variables()
    mend_integration_permissions()
    mend_undeclared_media_types()
    mend_mail_permissions()
    mend_batch_permissions()
    mend_secure_transport()
    if path := os.environ.get("SITEWIRE_DECISIONS"):
        record_decisions(path)
    mend_challenges()
    mend_log_pages()
    mend_unpacking()
    ministack.app = PlainUrl(
        ministack.app, api_id=os.environ["SITEWIRE_API_ID"], stage=os.environ["SITEWIRE_API_STAGE"]
    )
    ministack.main()


if __name__ == "__main__":
    main()
