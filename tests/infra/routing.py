"""The API's methods, as a template describes them."""

from typing import NamedTuple

from tests.infra.template import Resource, Template


class Method(NamedTuple):
    """One method on one path."""

    verb: str
    path: str
    resource: Resource


def methods(template: Template) -> list[Method]:
    """Return every method of the API."""
    return [
        Method(found["HttpMethod"], _path(template, found["ResourceId"]), found)
        for found in template.resources("AWS::ApiGateway::Method")
    ]


def method(template: Template, verb: str, path: str) -> Resource:
    """Return one method of the API."""
    (found,) = [entry.resource for entry in methods(template) if (entry.verb, entry.path) == (verb, path)]
    return found


def paths(template: Template) -> dict[str, Resource]:
    """Return every resource of the API by its path."""
    return {
        _path(template, {"Ref": resource.id}): resource for resource in template.resources("AWS::ApiGateway::Resource")
    }


def _path(template: Template, value: object) -> str:
    resource = template.target(value)
    if resource.type != "AWS::ApiGateway::Resource":
        return ""
    return f"{_path(template, resource['ParentId'])}/{resource['PathPart']}"
