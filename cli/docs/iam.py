"""docs/iam.md: what every role may do, from the synthesized template."""

from typing import Any

from cli.docs.cloud import Cloud, as_list
from cli.docs.markdown import code, listed, page, table

_INTRODUCTION = """\
Every function has a role of its own, and every statement names its actions and resources. A resource is shown by the
part of its ARN after the account; `<stage>` is the stage's name, and mail identities are those of
`sitewire.example.toml`. `*` stands only where an action knows no resources."""

_INVOKERS = """\
API Gateway, each through the alias and for the methods that the function answers, or as the authorizer."""


def iam_page(cloud: Cloud) -> str:
    """Return the document."""
    parts = [part for name, _ in cloud.functions() for part in (f"### {name}", _statement_table(name, cloud))]
    return page(
        "Permissions",
        _INTRODUCTION,
        "## Roles of functions",
        *parts,
        "## Other roles",
        _other_roles(cloud),
        "## Who may use a queue",
        _queue_policies(cloud),
        "## Who may invoke a function",
        _INVOKERS,
        _invokers(cloud),
        source="the template (infra/)",
    )


def _statement_table(function: str, cloud: Cloud) -> str:
    rows = ((listed(actions), listed(resources)) for actions, resources in cloud.statements(function))
    return table(("Actions", "Resources"), rows)


def _other_roles(cloud: Cloud) -> str:
    """Return the roles that no function has, with who assumes each."""
    of_functions = {properties["Role"]["Fn::GetAtt"][0] for _, properties in cloud.functions()}
    rows = []
    for logical_id, properties in cloud.resources("AWS::IAM::Role").items():
        if logical_id in of_functions:
            continue
        (trust,) = properties["AssumeRolePolicyDocument"]["Statement"]
        policies = [cloud.readable(arn) for arn in properties.get("ManagedPolicyArns", [])]
        inline = [policy["PolicyName"] for policy in properties.get("Policies", [])]
        rows.append((code(trust["Principal"]["Service"]), listed([*policies, *inline])))
    return table(("Assumed by", "Policies"), rows)


def _queue_policies(cloud: Cloud) -> str:
    rows = []
    for properties in cloud.resources("AWS::SQS::QueuePolicy").values():
        (queue,) = map(cloud.readable, properties["Queues"])
        for statement in properties["PolicyDocument"]["Statement"]:
            conditions = [
                f"{key} = {cloud.readable(value)}"
                for test in statement.get("Condition", {}).values()
                for key, value in test.items()
            ]
            rows.append(
                (code(queue), statement["Effect"], code(_principal(statement["Principal"])),
                 listed(as_list(statement["Action"])), listed(conditions))
            )  # fmt: skip
    return table(("Queue", "Effect", "Principal", "Actions", "On the condition of"), rows)


def _invokers(cloud: Cloud) -> str:
    rows = {
        (cloud.function_behind(properties["FunctionName"]), properties["Principal"])
        for properties in cloud.resources("AWS::Lambda::Permission").values()
    }
    return table(("Function", "Principal"), ((code(name), code(principal)) for name, principal in sorted(rows)))


def _principal(principal: dict[str, Any] | str) -> str:
    return principal if isinstance(principal, str) else ", ".join(map(str, principal.values()))
