"""The deployed template, as the embedded AWS can take it: what it can't create is left out, and listed here.

Three things are put differently: Ref on a secret, which the emulator resolves to its name and AWS to its ARN; the
paths in a stage's method settings, which AWS wants encoded; and where the user pool's public keys are.
"""

import json
import re
from pathlib import Path
from typing import Any

from infra.names import Names
from local.issuers import with_local_keys

UNSUPPORTED = frozenset(
    {
        "AWS::Budgets::Budget",
        "AWS::CE::AnomalyMonitor",
        "AWS::CE::AnomalySubscription",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::Events::Archive",
        "AWS::Logs::QueryDefinition",
    }
)
"""Resource types that exist in the cloud only; the infra tests assert them on the template."""


def is_unsupported(resource: dict[str, Any]) -> bool:
    """Return whether a resource is left out: for its type, or as an alarm over an expression, which is never judged."""
    return resource["Type"] in UNSUPPORTED or (
        resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource.get("Properties", {})
    )


def local_template(assembly: Path, stage: str, *, api_id: str, endpoint_url: str) -> dict[str, Any]:
    """Return the template of the stage's assembly without unsupported resources, and with a fixed id for its API.

    Parameters
    ----------
    assembly
        Folder of the cloud assembly.
    stage
        The stage's name.
    api_id
        The id that the API shall have.
    endpoint_url
        Where the embedded AWS listens, which also serves the user pool's keys.

    Raises
    ------
    ValueError
        When a resource that stays refers to one that is left out.
    """
    template: dict[str, Any] = json.loads((assembly / f"{Names(stage).stack}.template.json").read_text())
    resources = template["Resources"]
    left_out = {name for name, resource in resources.items() if is_unsupported(resource)}
    template["Resources"] = {name: resource for name, resource in resources.items() if name not in left_out}
    for resource in template["Resources"].values():
        if left_out.intersection(_references(resource)):
            message = f"a {resource['Type']} refers to a resource that the embedded AWS can't create"
            raise ValueError(message)
        if resource["Type"] == "AWS::ApiGateway::RestApi":
            tag = {"Key": "ms-custom-id", "Value": api_id}
            resource["Properties"]["Tags"] = [*resource["Properties"].get("Tags", []), tag]
        if resource["Type"] == "AWS::ApiGateway::Stage":
            for settings in resource["Properties"].get("MethodSettings", []):
                settings["ResourcePath"] = settings["ResourcePath"].replace("~1", "/").replace("//", "/")
        variables = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        if "ISSUERS" in variables:
            variables["ISSUERS"] = with_local_keys(variables["ISSUERS"], endpoint_url)
    secrets = {name for name, resource in resources.items() if resource["Type"] == "AWS::SecretsManager::Secret"}
    template["Resources"] = _with_arns(template["Resources"], secrets)
    return template


def methods_with_validator(template: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the HTTP method and the resource's logical id of each method that validates its body."""
    return [
        (resource["Properties"]["HttpMethod"], resource["Properties"]["ResourceId"]["Ref"])
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::Method" and "RequestValidatorId" in resource["Properties"]
    ]


def _with_arns(value: Any, secrets: set[str]) -> Any:  # noqa: ANN401  any part of a template
    """Return a part of a template in which Ref on a secret is the attribute that holds its ARN in both places."""
    if isinstance(value, list):
        return [_with_arns(item, secrets) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("Ref") in secrets:
        return {"Fn::GetAtt": [value["Ref"], "Id"]}
    return {name: _with_arns(item, secrets) for name, item in value.items()}


def _references(value: object) -> set[str]:
    """Return the logical ids that a part of a template refers to."""
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*map(_references, value.values()))
    if isinstance(reference := value.get("Ref"), str):
        found.add(reference)
    if isinstance(attribute := value.get("Fn::GetAtt"), list):
        found.add(attribute[0])
    if (text := value.get("Fn::Sub")) is not None:
        template = text[0] if isinstance(text, list) else text
        found.update(re.findall(r"\$\{([A-Za-z0-9]+)", template))
    if (dependencies := value.get("DependsOn")) is not None:
        found.update([dependencies] if isinstance(dependencies, str) else dependencies)
    return found
