"""Commands that documents and alarms tell a person to run: whether they exist, with the options that they are given."""

import re
import shlex
from functools import cache
from typing import Any

import botocore.session
import typer
from botocore import xform_name

from cli.main import app

GLOBAL_OPTIONS = {"region", "query", "output", "profile", "max-items"}
"""Options of the AWS CLI itself."""

_BLOCK = re.compile(r"^```sh\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def shown_commands(document: str) -> list[str]:
    """Return the commands in a document's shell blocks, each on one line."""
    blocks = "".join(_BLOCK.findall(document)).replace("\\\n", " ")
    return [" ".join(line.split()) for line in blocks.splitlines() if line.strip()]


def mistakes(command: str) -> list[str]:
    """Return what is wrong with a command; nothing is run."""
    program, *words = shlex.split(command)
    if program == "sitewire":
        return _sitewire_mistakes(words)
    if program == "aws":
        return _aws_mistakes(words)
    return [] if program == "curl" else [f"{program} is not checked"]


def _sitewire_mistakes(words: list[str]) -> list[str]:
    command: Any = typer.main.get_group(app)
    path = ["sitewire"]
    while hasattr(command, "commands"):
        name = words.pop(0) if words else ""
        if name not in command.commands:
            return [f"there is no {' '.join([*path, name])}"]
        command = command.commands[name]
        path.append(name)
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return [f"{' '.join(path)} has no {word}" for word in words if word.startswith("-") and word not in known]


def _aws_mistakes(words: list[str]) -> list[str]:
    service, operation, *arguments = words
    shapes = _operations(service)
    if operation not in shapes:
        return [f"there is no aws {service} {operation}"]
    options = {word.removeprefix("--") for word in arguments if word.startswith("--")}
    known = shapes[operation]
    found = [f"aws {service} {operation} has no --{option}" for option in sorted(options - set(known) - GLOBAL_OPTIONS)]
    missing = {name for name, required in known.items() if required and not {name, f"no-{name}"} & options}
    return [*found, *(f"aws {service} {operation} needs --{name}" for name in sorted(missing))]


@cache
def _operations(service: str) -> dict[str, dict[str, bool]]:
    """Return the options of a service's operations, with whether each is required."""
    session = botocore.session.get_session()
    if service not in session.get_available_services():
        return {}
    model = session.get_service_model(service)
    return {xform_name(name, "-"): _options(model.operation_model(name)) for name in model.operation_names}


def _options(operation: Any) -> dict[str, bool]:
    shape = operation.input_shape
    options = {}
    for name, member in shape.members.items() if shape else ():
        option = xform_name(name, "-")
        options[option] = name in shape.required_members
        if member.type_name == "boolean":
            options[f"no-{option}"] = False
    return options
