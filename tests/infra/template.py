"""A synthesized template, read by what things are and are called, never by the ids that CDK gives them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.names import Names
from infra.stage import Stage

_NAMING = (
    "FunctionName", "QueueName", "TableName", "LogGroupName", "StageName", "LayerName", "UserPoolName", "GroupName",
    "AlarmName", "TopicName", "Name",
)  # fmt: skip


@dataclass(frozen=True)
class Resource:
    """One resource of a template."""

    id: str
    type: str
    definition: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        """Return a property."""
        return self.properties[name]

    def get(self, name: str) -> Any:
        """Return a property, None where it is not set."""
        return self.properties.get(name)

    @property
    def properties(self) -> dict[str, Any]:
        """Return the properties, none where the resource has none."""
        found: dict[str, Any] = self.definition.get("Properties", {})
        return found

    @property
    def name(self) -> str:
        """Return the physical name, or the type where AWS or CDK chooses the name."""
        names = (self.properties.get(naming) for naming in _NAMING)
        return next((name for name in names if isinstance(name, str)), self.type)


class Template:
    """The template of one stage.

    Parameters
    ----------
    stage
        The stage.
    assembly
        Folder of its cloud assembly.
    """

    def __init__(self, stage: Stage, assembly: Path) -> None:
        self.stage = stage
        self.names = Names(stage.name)
        self.assembly = assembly
        self.path = assembly / f"{self.names.stack}.template.json"
        self.text = self.path.read_text()
        self.document: dict[str, Any] = json.loads(self.text)
        self._resources = {
            id_: Resource(id_, definition["Type"], definition) for id_, definition in self.document["Resources"].items()
        }

    def all_resources(self) -> list[Resource]:
        """Return every resource."""
        return list(self._resources.values())

    def resources(self, type_: str) -> list[Resource]:
        """Return the resources of a type, of which there must be some: a test over none would prove nothing."""
        found = [resource for resource in self._resources.values() if resource.type == type_]
        assert found, f"the template has no {type_}"
        return found

    def only(self, type_: str) -> Resource:
        """Return the one resource of a type."""
        found = self.resources(type_)
        assert len(found) == 1, f"the template has {len(found)} of {type_}"
        return found[0]

    def named(self, type_: str, name: str) -> Resource:
        """Return the resource of a type with a physical name."""
        found = [resource for resource in self.resources(type_) if resource.name == name]
        assert len(found) == 1, f"the template has {len(found)} of {type_} with the name {name}"
        return found[0]

    def function(self, name: str) -> Resource:
        """Return a function by its short name."""
        return self.named("AWS::Lambda::Function", self.names.function(name))

    def alias(self, name: str) -> Resource:
        """Return the alias of a function by the function's short name."""
        function = self.function(name)
        aliases = self.resources("AWS::Lambda::Alias")
        return next(alias for alias in aliases if self.target(alias["FunctionName"]) == function)

    def target(self, value: Any) -> Resource:
        """Return the one resource that a value, such as Ref, Fn::GetAtt or an ARN joined of both, refers to."""
        found = self.mentioned(value)
        assert len(found) == 1, f"{json.dumps(value)} refers to {len(found)} resources"
        return found[0]

    def mentioned(self, value: Any) -> list[Resource]:
        """Return the resources that a value refers to anywhere, each once."""
        return [self._resources[id_] for id_ in dict.fromkeys(_references(value)) if id_ in self._resources]

    def render(self, value: Any) -> str:
        """Return a value as text, with names in place of references: `{AWS::Region}`, `sitewire-local`."""
        if isinstance(value, str):
            return value
        (function, argument), *more = value.items()
        assert not more
        if function == "Fn::Join":
            separator, parts = argument
            return str(separator).join(map(self.render, parts))
        if function in {"Ref", "Fn::GetAtt"}:
            id_ = argument if isinstance(argument, str) else argument[0]
            return self._resources[id_].name if id_ in self._resources else f"{{{id_}}}"
        return f"{{{function}}}"


def as_list(value: Any) -> list[Any]:
    """Return what a policy gives as one or several."""
    return value if isinstance(value, list) else [value]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref":
                yield item
            elif key == "Fn::GetAtt":
                yield item[0]
            elif key == "Fn::Sub":
                yield from re.findall(r"\$\{([A-Za-z0-9]+)", item if isinstance(item, str) else item[0])
            else:
                yield from _references(item)
