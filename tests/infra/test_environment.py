"""A function's environment is what its settings read: every variable of it, and no other."""

import ast
import importlib
from typing import Any

import pytest

from infra.catalogue import FUNCTIONS, Function
from local.paths import ROOT
from shared.analytics.sites import format_sites
from shared.settings import Settings
from tests.infra.template import Template

every_function = pytest.mark.parametrize("function", FUNCTIONS, ids=[function.name for function in FUNCTIONS])


def settings_of(function: Function) -> type[Settings]:
    """Return the settings that a function's module builds from its environment."""
    source = (ROOT / "functions" / function.room / f"{function.module}.py").read_text()
    (name,) = [
        node.func.value.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "from_environment"
        and isinstance(node.func.value, ast.Name)
    ]
    found: type[Settings] = getattr(importlib.import_module(f"functions.{function.room}.settings"), name)
    return found


def environment(template: Template, function: str) -> dict[str, Any]:
    found: dict[str, Any] = template.function(function)["Environment"]["Variables"]
    return found


def rendered(template: Template, function: str) -> dict[str, str]:
    return {name: template.render(value) for name, value in environment(template, function).items()}


@every_function
def test_every_setting_has_its_variable_and_every_variable_its_setting(template: Template, function: Function) -> None:
    variables = environment(template, function.name)

    assert set(variables) == {field.upper() for field in settings_of(function).fields()}


@every_function
def test_the_settings_can_be_built_from_the_environment(template: Template, function: Function) -> None:
    variables = rendered(template, function.name)

    settings = settings_of(function).from_environment(variables)

    assert settings.to_environment() == variables


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("TABLE_NAME", lambda template: template.names.table),
        ("EVENT_BUS_NAME", lambda template: template.names.bus),
        ("PARAMETER_NAME", lambda template: template.names.contact_parameter),
        ("DEFAULT_LOCALE", lambda template: template.stage.default_locale),
        ("QUEUE_URL", lambda template: template.names.queue("aggregate_analytics")),
        ("SALTS", lambda template: template.names.salts),
        ("SITES", lambda template: format_sites(template.stage.sites)),
        ("PREVIEW_KEY_ARN", lambda template: template.names.preview_key),
        ("USER_POOL_ID", lambda template: template.names.user_pool),
        ("USER_POOL_CLIENT_ID", lambda template: template.only("AWS::Cognito::UserPoolClient").name),
        ("ALLOWED_ORIGINS", lambda template: ",".join(template.stage.allowed_origins)),
    ],
)
def test_a_variable_says_the_same_to_every_function_that_has_it(
    template: Template, variable: str, expected: Any
) -> None:
    environments = [rendered(template, function.name) for function in FUNCTIONS]

    found = {variables[variable] for variables in environments if variable in variables}

    assert found == {expected(template)}


def test_a_claim_on_a_mail_lasts_as_long_as_the_function_may_run(template: Template) -> None:
    lease = int(environment(template, "notify_contact")["LEASE_SECONDS"])

    assert lease >= template.function("notify_contact")["Timeout"]


@every_function
def test_the_environment_names_a_secret_and_never_holds_one(template: Template, function: Function) -> None:
    for name, value in environment(template, function.name).items():
        secrets = [found for found in template.mentioned(value) if found.type == "AWS::SecretsManager::Secret"]
        if secrets:
            assert (name.endswith("_ARN"), value) == (True, {"Ref": secrets[0].id})
        assert "{{resolve:" not in template.render(value)
