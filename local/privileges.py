"""Compare what the functions' roles are granted with what IAM was asked while the stage ran."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

NOT_ENFORCED: Mapping[str, str] = {
    "logs:CreateLogStream": "Lambda writes the log in the role's name; here the emulator writes it in its own",
    "logs:PutLogEvents": "Lambda writes the log in the role's name; here the emulator writes it in its own",
    "sqs:DeleteMessage": "Lambda polls the queue in the role's name; here the emulator polls it in its own",
    "sqs:GetQueueAttributes": "Lambda polls the queue in the role's name; here the emulator polls it in its own",
    "sqs:ReceiveMessage": "Lambda polls the queue in the role's name; here the emulator polls it in its own",
    "xray:PutTelemetryRecords": "the emulator has no X-Ray",
    "xray:PutTraceSegments": "the emulator has no X-Ray",
}
"""Actions that can't be exercised here, with the reason; the infra tests hold their grants."""


class Permission(NamedTuple):
    """An action on a resource, as a function's role has it or as the function used it."""

    function: str
    action: str
    resource: str


class Report(NamedTuple):
    """What came of a run: every grant is in one of the first three; `denied` was asked for and refused."""

    used: list[Permission]
    unused: list[Permission]
    not_enforced: list[Permission]
    denied: list[Permission]

    def lines(self) -> list[str]:
        """Return the report as a Markdown table."""
        rows = [(item, "used") for item in self.used]
        rows += [(item, "**unused**") for item in self.unused]
        rows += [(item, NOT_ENFORCED[item.action]) for item in self.not_enforced]
        rows += [(item, "**denied**") for item in self.denied]
        table = [f"| {item.function} | {item.action} | {item.resource} | {what} |" for item, what in sorted(rows)]
        return ["| function | action | resource | in this run |", "|---|---|---|---|", *table]


def granted(iam: Any, lambda_: Any, functions: Mapping[str, str]) -> set[Permission]:  # noqa: ANN401  boto3's clients
    """Return what the deployed roles grant.

    Parameters
    ----------
    iam, lambda_
        Clients of the running stage.
    functions
        Function name by short name.
    """
    found = set()
    for short, name in functions.items():
        role = lambda_.get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
        # Nobody asked for those, so that each counts as a grant that nothing uses.
        for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            found.add(Permission(short, "an attached policy", policy["PolicyArn"]))
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            for statement in document["Statement"]:
                found |= {
                    Permission(short, action, resource)
                    for action in _as_list(statement["Action"])
                    for resource in _as_list(statement["Resource"])
                }
    return found


def compare(grants: set[Permission], decisions: Path, functions: Mapping[str, str]) -> Report:
    """Compare grants with the decisions that were recorded; whoever is no function of the stage is left out."""
    short = {name: key for key, name in functions.items()}
    used: set[Permission] = set()
    denied: set[Permission] = set()
    for line in decisions.read_text().splitlines():
        decision = json.loads(line)
        # A function's credentials name it as their session; a test that borrows its role does not.
        if function := short.get(decision["principal"].rpartition("/")[2]):
            asked = Permission(function, decision["action"], decision["resource"])
            (used if decision["allowed"] else denied).add(asked)
    not_enforced = {grant for grant in grants if grant.action in NOT_ENFORCED}
    needed = {grant for grant in grants - not_enforced if any(_covers(grant, call) for call in used)}
    return Report(sorted(needed), sorted(grants - not_enforced - needed), sorted(not_enforced), sorted(denied))


def _covers(grant: Permission, call: Permission) -> bool:
    pattern = ".*".join(map(re.escape, grant.resource.split("*")))
    return grant[:2] == call[:2] and re.fullmatch(pattern, call.resource) is not None


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
