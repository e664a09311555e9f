"""The synthesized template as documents read it: resources by type, and readable names for references."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from infra.catalogue import FUNCTIONS
from infra.names import Names

STAGE = "STAGE"
"""Name that a described stage has in the template; documents show it as `<stage>`."""

_PSEUDO_PARAMETERS = {"AWS::AccountId": "<account>", "AWS::Partition": "aws", "AWS::Region": "<region>"}

# How a resource of a type is named: the property with its physical name, and what its ARN has before that name.
_NAMED_BY = {
    "AWS::Cognito::UserPool": ("UserPoolName", "userpool/"),
    "AWS::DynamoDB::Table": ("TableName", "table/"),
    "AWS::Events::EventBus": ("Name", "event-bus/"),
    "AWS::Lambda::Function": ("FunctionName", "function:"),
    "AWS::Logs::LogGroup": ("LogGroupName", "log-group:"),
    "AWS::SQS::Queue": ("QueueName", ""),
    "AWS::SSM::Parameter": ("Name", "parameter"),
    "AWS::SecretsManager::Secret": ("Name", "secret:"),
}

_ARN = re.compile(r"^arn:aws:[a-z0-9-]+:(?:<region>)?:(?:<account>)?:")


class Subscription(NamedTuple):
    """How events reach a worker: the rules' event names, the queue, its dead-letter queue, and the polling."""

    function: str
    events: tuple[str, ...]
    queue: str
    dead_letter_queue: str
    visibility_timeout: int
    max_receives: int
    batch_size: int
    max_concurrency: int


class Cloud:
    """A synthesized template.

    Parameters
    ----------
    template
        The template of a stage whose name is `STAGE`.
    """

    def __init__(self, template: dict[str, Any]) -> None:
        self._resources: dict[str, dict[str, Any]] = template["Resources"]
        names = Names(STAGE)
        self._short_names = {names.function(entry.name): entry.name for entry in FUNCTIONS}

    def resources(self, type_: str) -> dict[str, dict[str, Any]]:
        """Return the properties of the resources of a type, by logical id."""
        return {
            logical_id: resource["Properties"]
            for logical_id, resource in self._resources.items()
            if resource["Type"] == type_
        }

    def functions(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the short name and the properties of each function, in the catalogue's order."""
        found = {self._short_names[entry["FunctionName"]]: entry for entry in self._functions().values()}
        return ((entry.name, found[entry.name]) for entry in FUNCTIONS)

    def statements(self, function: str) -> list[tuple[list[str], list[str]]]:
        """Return what a function's role may do: actions and readable resources, by statement."""
        role_id = dict(self.functions())[function]["Role"]["Fn::GetAtt"][0]
        policies = self._resources[role_id]["Properties"]["Policies"]
        return [
            (as_list(statement["Action"]), [self.readable(entry) for entry in as_list(statement["Resource"])])
            for policy in policies
            for statement in policy["PolicyDocument"]["Statement"]
        ]

    def subscriptions(self) -> dict[str, Subscription]:
        """Return how events reach each worker, by its short name."""
        sources = self.resources("AWS::Lambda::EventSourceMapping").values()
        return {found.function: found for found in map(self._subscription, sources)}

    def authorizers(self) -> set[str]:
        """Return the short names of the functions that API Gateway asks before a protected route."""
        authorizers = self.resources("AWS::ApiGateway::Authorizer").values()
        return {self.function_behind(entry["AuthorizerUri"]) for entry in authorizers}

    def schedules(self) -> dict[str, str]:
        """Return when a clock invokes a function, as `rate(1 minute)`, by the function's short name."""
        schedules = self.resources("AWS::Scheduler::Schedule").values()
        return {self.function_behind(entry["Target"]["Arn"]): entry["ScheduleExpression"] for entry in schedules}

    def function_behind(self, value: object) -> str:
        """Return the short name of the function that a part of the template refers to, itself or by its alias."""
        functions = self._functions()
        ids = _references(value)
        for alias in self.resources("AWS::Lambda::Alias").keys() & ids:
            ids |= _references(self._resources[alias]["Properties"]["FunctionName"])
        (found,) = functions.keys() & ids
        return self._short_names[functions[found]["FunctionName"]]

    def readable(self, value: Any) -> str:  # noqa: ANN401  any part of a template
        """Return a string, or what an intrinsic function stands for: for an ARN, its part that names the resource."""
        return _ARN.sub("", self._text(value)).replace(STAGE, "<stage>")

    def _text(self, value: Any) -> str:  # noqa: ANN401  any part of a template
        if not isinstance(value, dict):
            return str(value)
        ((function, argument),) = value.items()
        if function == "Fn::Join":
            separator, parts = argument
            return str(separator).join(map(self._text, parts))
        reference = argument[0] if function == "Fn::GetAtt" else argument
        return _PSEUDO_PARAMETERS.get(reference) or self._name(reference)

    def _name(self, logical_id: str) -> str:
        resource = self._resources[logical_id]
        if resource["Type"] == "AWS::Events::Rule":
            return self._rule_name(resource["Properties"])
        name_property, prefix = _NAMED_BY[resource["Type"]]
        return f"{prefix}{resource['Properties'][name_property]}"

    def _rule_name(self, rule: dict[str, Any]) -> str:
        """Return what a rule does: CloudFormation names it."""
        targets = ", ".join(self._text(target["Arn"]) for target in rule["Targets"])
        return f"rule from {', '.join(rule['EventPattern']['detail-type'])} to {targets}"

    def _functions(self) -> dict[str, dict[str, Any]]:
        return self.resources("AWS::Lambda::Function")

    def _subscription(self, source: dict[str, Any]) -> Subscription:
        (queue_id,) = _references(source["EventSourceArn"])
        queue = self._resources[queue_id]["Properties"]
        rules = self.resources("AWS::Events::Rule").values()
        filled_by = [
            rule for rule in rules if any(queue_id in _references(target["Arn"]) for target in rule["Targets"])
        ]
        return Subscription(
            function=self.function_behind(source["FunctionName"]),
            events=tuple(sorted(name for rule in filled_by for name in rule["EventPattern"]["detail-type"])),
            queue=self.readable(queue["QueueName"]),
            dead_letter_queue=self.readable(queue["RedrivePolicy"]["deadLetterTargetArn"]),
            visibility_timeout=queue["VisibilityTimeout"],
            max_receives=queue["RedrivePolicy"]["maxReceiveCount"],
            batch_size=source["BatchSize"],
            max_concurrency=source["ScalingConfig"]["MaximumConcurrency"],
        )


def as_list(value: Any) -> list[Any]:  # noqa: ANN401  any part of a template
    """Return a list of what a policy gives as a list, or as the one entry alone."""
    return value if isinstance(value, list) else [value]


def _references(value: object) -> set[str]:
    """Return the logical ids that a part of the template refers to."""
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if not isinstance(value, dict):
        return set()
    if isinstance(attribute := value.get("Fn::GetAtt"), list):
        return {str(attribute[0])}
    if isinstance(reference := value.get("Ref"), str):
        return {reference}
    return set().union(*map(_references, value.values()))
