"""IAM: what a role needs for a call where MiniStack asks for something else, and what it was allowed."""

import json
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import apigateway_v1

_FORBIDDEN = 403


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
