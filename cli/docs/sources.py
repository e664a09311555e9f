"""What only the functions' source text tells, read without importing handlers: they would need an environment."""

import ast
import importlib
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from infra.catalogue import FUNCTIONS, Function
from local.paths import ROOT
from shared.settings import Settings

_SOURCE = "sitewire."

_TYPES: dict[object, str] = {str: "text", int: "whole number"}


class Publisher(NamedTuple):
    """A function that publishes an event, and the source that it gives it."""

    function: str
    source: str


class SettingsField(NamedTuple):
    """A setting: its environment variable, type and meaning."""

    variable: str
    type: str
    meaning: str


def settings_fields(function: Function) -> list[SettingsField]:
    """Return the settings of a function, in the order of their declaration.

    Raises
    ------
    LookupError
        When a setting has no meaning written below it.
    """
    path = _room(function) / "settings.py"
    name = _settings_class(_parse(_room(function) / f"{function.module}.py"), function)
    settings: type[Settings] = getattr(importlib.import_module(f"functions.{function.room}.settings"), name)
    meanings = _attribute_docs(_parse(path), name)
    fields = []
    for field, kind in settings.fields().items():
        if field not in meanings:
            message = f"{path.relative_to(ROOT)}: {name}.{field} has no docstring that says what it means"
            raise LookupError(message)
        fields.append(SettingsField(field.upper(), _TYPES.get(kind, "texts, joined by commas"), meanings[field]))
    return fields


def publishers(event: str) -> list[Publisher]:
    """Return the functions whose source, or a shared module that it imports, says an event's name and its source."""
    found = []
    for function in FUNCTIONS:
        module = _parse(_room(function) / f"{function.module}.py")
        for part in (module, *_imported(module)):
            texts = _texts(part)
            if event in texts:
                found += [Publisher(function.name, text) for text in sorted(texts) if text.startswith(_SOURCE)]
    return found


def _imported(module: ast.Module) -> list[ast.Module]:
    """Return the shared modules that a module imports names from."""
    names = [node.module for node in module.body if isinstance(node, ast.ImportFrom) and node.module]
    paths = [ROOT / f"{name.replace('.', '/')}.py" for name in names if name.startswith("shared.")]
    return [_parse(path) for path in paths if path.exists()]


def _texts(module: ast.Module) -> set[str]:
    return {node.value for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _room(function: Function) -> Path:
    return ROOT / "functions" / function.room


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def _settings_class(module: ast.Module, function: Function) -> str:
    """Return the class in the handler's `settings = <class>.from_environment(...)`."""
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Attribute) and called.attr == "from_environment":
                return ast.unparse(called.value)
    message = f"{function.name} reads no settings"
    raise LookupError(message)


def _attribute_docs(module: ast.Module, class_name: str) -> dict[str, str]:
    """Return the strings that stand below the annotated attributes of a class and its bases, by attribute."""
    declared = next((node for node in module.body if isinstance(node, ast.ClassDef) and node.name == class_name), None)
    if declared is None:
        return {}
    body = declared.body
    inherited = [_attribute_docs(module, ast.unparse(base)) for base in declared.bases]
    return {name: text for docs in inherited for name, text in docs.items()} | {
        field.target.id: str(below.value.value)
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
    }
