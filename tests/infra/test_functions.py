import pytest

from infra.catalogue import FUNCTIONS, SHARED, Function
from infra.names import ALIAS
from schemas.routes import ROUTES
from tests.infra.template import Template

every_function = pytest.mark.parametrize("function", FUNCTIONS, ids=[function.name for function in FUNCTIONS])

ANSWERING = {"authorizer", *(route.function for route in ROUTES)}
"""Functions that API Gateway waits for."""


def name_of(function: Function) -> str:
    return function.name


def test_every_function_answers_the_api_or_consumes_a_queue_or_is_run_by_the_clock() -> None:
    others = {function.name: function.room for function in FUNCTIONS if function.name not in ANSWERING}

    assert set(others.values()) == {"workers", "schedule"}


def test_the_functions_are_those_of_the_catalogue(template: Template) -> None:
    names = [function.name for function in template.resources("AWS::Lambda::Function")]

    assert sorted(names) == sorted(template.names.function(function.name) for function in FUNCTIONS)


@every_function
def test_a_function_runs_python_3_13_on_arm64(template: Template, function: Function) -> None:
    found = template.function(function.name)

    assert (found["Runtime"], found["Architectures"]) == ("python3.13", ["arm64"])


@every_function
def test_a_function_has_the_size_that_the_catalogue_argues_for(template: Template, function: Function) -> None:
    found = template.function(function.name)

    assert (found["MemorySize"], found["Timeout"]) == (function.memory, function.timeout)


@every_function
def test_a_function_starts_at_the_handler_of_its_own_module(template: Template, function: Function) -> None:
    found = template.function(function.name)

    assert found["Handler"] == f"functions.{function.room}.{function.module}.handler"


def test_no_two_functions_are_the_same_package(template: Template) -> None:
    packages = {function["Code"]["S3Key"] for function in template.resources("AWS::Lambda::Function")}

    assert len(packages) == len(FUNCTIONS)


@every_function
def test_a_function_has_its_layers_and_no_other(template: Template, function: Function) -> None:
    layers = {template.target(layer).name for layer in template.function(function.name)["Layers"]}

    assert layers == {f"{template.names.stack}-{name}" for name in (SHARED, *function.layers)}


@pytest.mark.parametrize("function", [function for function in FUNCTIONS if function.room == "ingest"])
def test_the_ingest_path_carries_neither_boto3_nor_powertools(template: Template, function: Function) -> None:
    layers = {template.target(layer).name for layer in template.function(function.name)["Layers"]}

    assert layers == {f"{template.names.stack}-{name}" for name in ("shared", "ingest")}


def test_every_layer_fits_the_functions(template: Template) -> None:
    for layer in template.resources("AWS::Lambda::LayerVersion"):
        assert (layer["CompatibleRuntimes"], layer["CompatibleArchitectures"]) == (["python3.13"], ["arm64"])


def test_every_layer_is_used(template: Template) -> None:
    used = {
        template.target(layer).name
        for function in template.resources("AWS::Lambda::Function")
        for layer in function["Layers"]
    }

    assert used == {layer.name for layer in template.resources("AWS::Lambda::LayerVersion")}


@every_function
def test_a_function_is_traced(template: Template, function: Function) -> None:
    assert template.function(function.name)["TracingConfig"] == {"Mode": "Active"}


@every_function
def test_a_function_writes_to_a_log_of_its_own(template: Template, function: Function) -> None:
    group = template.target(template.function(function.name)["LoggingConfig"]["LogGroup"])

    assert (group.type, group.name) == ("AWS::Logs::LogGroup", template.names.log_group(function.name))


@every_function
def test_callers_reach_a_published_version(template: Template, function: Function) -> None:
    alias = template.alias(function.name)

    version = template.target(alias["FunctionVersion"])

    assert (alias["Name"], version.type) == (ALIAS, "AWS::Lambda::Version")
    assert template.target(version["FunctionName"]) == template.function(function.name)
    assert alias.get("RoutingConfig") is None


@every_function
def test_a_function_reserves_no_concurrency_of_the_account(template: Template, function: Function) -> None:
    # A new account has ten executions in all: one that were reserved would be missing elsewhere.
    assert template.function(function.name).get("ReservedConcurrentExecutions") is None
    assert template.alias(function.name).get("ProvisionedConcurrencyConfig") is None


@every_function
def test_a_function_is_off_the_network_of_the_account(template: Template, function: Function) -> None:
    assert template.function(function.name).get("VpcConfig") is None


def test_no_function_has_an_address_beside_the_api(template: Template) -> None:
    types = {resource.type for resource in template.all_resources()}

    assert types.isdisjoint({"AWS::Lambda::Url", "AWS::Lambda::EventInvokeConfig"})


@pytest.mark.parametrize("function", [function for function in FUNCTIONS if function.name in ANSWERING], ids=name_of)
def test_an_answer_to_the_api_comes_before_api_gateway_gives_up(template: Template, function: Function) -> None:
    assert template.function(function.name)["Timeout"] < 29
