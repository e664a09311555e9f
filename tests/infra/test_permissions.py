"""What each function's role may do: exactly this, on exactly these resources."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.catalogue import FUNCTIONS
from tests.infra.template import Resource, Template, as_list

NAMES = [function.name for function in FUNCTIONS]

TELEMETRY = {
    "the function's own log": {"logs:CreateLogStream", "logs:PutLogEvents"},
    # X-Ray's write actions support no resources (service authorization reference): the one `*` there is.
    "*": {"xray:PutTelemetryRecords", "xray:PutTraceSegments"},
}
CONSUMPTION = {"the function's own queue": {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}}
PREVIEW_KEY = {"the key of preview links": {"secretsmanager:GetSecretValue"}}

GRANTS: dict[str, dict[str, set[str]]] = {
    "ingest_contact": {**TELEMETRY, "the bus": {"events:PutEvents"}},
    "store_contact": {**TELEMETRY, **CONSUMPTION, "the table": {"dynamodb:PutItem"}},
    "notify_contact": {
        **TELEMETRY,
        **CONSUMPTION,
        "the table": {"dynamodb:PutItem", "dynamodb:UpdateItem"},
        "the mail preferences": {"ssm:GetParameter"},
        "the sender's address": {"ses:SendEmail"},
    },
    "query_contact": {**TELEMETRY, "the table": {"dynamodb:Query"}, "the index": {"dynamodb:Query"}},
    "query_operations": {**TELEMETRY, "the table": {"dynamodb:GetItem", "dynamodb:Query"}},
    "edit_contact": {
        **TELEMETRY,
        "the table": {"dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:UpdateItem"},
    },
    "ingest_projects": {**TELEMETRY, "the bus": {"events:PutEvents"}, "the table": {"dynamodb:GetItem"}},
    "apply_project": {
        **TELEMETRY,
        **CONSUMPTION,
        "the table": {"dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "the bus": {"events:PutEvents"},
    },
    "query_projects": {
        **TELEMETRY,
        **PREVIEW_KEY,
        "the table": {"dynamodb:GetItem"},
        "the index": {"dynamodb:Query"},
        "the index by date": {"dynamodb:Query"},
        "the index by title": {"dynamodb:Query"},
    },
    "query_project_versions": {**TELEMETRY, "the table": {"dynamodb:GetItem", "dynamodb:Query"}},
    "query_project_previews": {**TELEMETRY, **PREVIEW_KEY, "the table": {"dynamodb:GetItem"}},
    "release_projects": {**TELEMETRY, "the index": {"dynamodb:Query"}, "the bus": {"events:PutEvents"}},
    "ingest_analytics": {
        **TELEMETRY,
        "the queue of who counts": {"sqs:SendMessage"},
        "the salts": {"ssm:GetParameter", "ssm:PutParameter"},
    },
    "aggregate_analytics": {
        **TELEMETRY,
        **CONSUMPTION,
        "the table": {"dynamodb:BatchGetItem", "dynamodb:UpdateItem"},
    },
    "query_analytics": {**TELEMETRY, "the table": {"dynamodb:GetItem", "dynamodb:Query"}},
    "remove_salts": {**TELEMETRY, "the salts": {"ssm:DeleteParameter"}},
    "users_directory": {
        **TELEMETRY,
        "the table": {"dynamodb:DeleteItem", "dynamodb:PutItem"},
        "the user pool": {
            "cognito-idp:AdminAddUserToGroup",
            "cognito-idp:AdminCreateUser",
            "cognito-idp:AdminDeleteUser",
            "cognito-idp:AdminDisableUser",
            "cognito-idp:AdminEnableUser",
            "cognito-idp:AdminGetUser",
            "cognito-idp:AdminListGroupsForUser",
            "cognito-idp:AdminRemoveUserFromGroup",
            "cognito-idp:AdminUpdateUserAttributes",
            "cognito-idp:AdminUserGlobalSignOut",
            "cognito-idp:ListUsers",
            "cognito-idp:ListUsersInGroup",
        },
    },
    "users_me": {
        **TELEMETRY,
        "the user pool": {"cognito-idp:AdminGetUser", "cognito-idp:AdminUpdateUserAttributes"},
    },
    # Anybody may sign in: Cognito asks no permission for it.
    "users_auth": {**TELEMETRY, "the table": {"dynamodb:DeleteItem", "dynamodb:UpdateItem"}},
    "authorizer": TELEMETRY,
}


def role_of(template: Template, function: str) -> Resource:
    return template.target(template.function(function)["Role"])


def statements(role: Resource) -> Iterator[dict[str, Any]]:
    for policy in role["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def call_it(template: Template, function: str, resource: Any) -> str:
    """Return what a resource of a statement is, in the words of `GRANTS`; the ARN itself where it is none of them."""
    names, sender = template.names, template.stage.contact.sender
    arn = "arn:{{AWS::Partition}}:{}:{{AWS::Region}}:{{AWS::AccountId}}:{}".format
    words = {
        names.log_group(function): "the function's own log",
        names.queue("aggregate_analytics"): "the queue of who counts",
        names.queue(function): "the function's own queue",
        names.bus: "the bus",
        f"{names.table}/index/GSI1": "the index",
        f"{names.table}/index/GSI2": "the index by date",
        f"{names.table}/index/GSI3": "the index by title",
        arn("ssm", f"parameter{names.contact_parameter}"): "the mail preferences",
        arn("ssm", f"parameter{names.salts}*"): "the salts",
        arn("ses", f"identity/{sender}"): "the sender's address",
    }
    if template.mentioned(resource) == [template.only("AWS::DynamoDB::Table")]:
        words[names.table] = "the table"
    if template.mentioned(resource) == [template.only("AWS::Cognito::UserPool")]:
        words[names.user_pool] = "the user pool"
    if template.mentioned(resource) == [template.only("AWS::SecretsManager::Secret")]:
        words[names.preview_key] = "the key of preview links"
    text = template.render(resource)
    return words.get(text, text)


def granted(template: Template, function: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for statement in statements(role_of(template, function)):
        for resource in as_list(statement["Resource"]):
            found.setdefault(call_it(template, function, resource), set()).update(as_list(statement["Action"]))
    return found


def test_every_function_is_listed() -> None:
    assert list(GRANTS) == NAMES


@pytest.mark.parametrize("function", NAMES)
def test_a_function_may_do_exactly_what_it_needs(template: Template, function: str) -> None:
    assert granted(template, function) == GRANTS[function]


@pytest.mark.parametrize("function", NAMES)
def test_a_role_allows_by_name_alone(template: Template, function: str) -> None:
    for statement in statements(role_of(template, function)):
        assert statement.keys() == {"Action", "Effect", "Resource"}
        assert statement["Effect"] == "Allow"
        assert not [action for action in as_list(statement["Action"]) if "*" in action or "?" in action]


@pytest.mark.parametrize("function", NAMES)
def test_a_role_has_no_policy_beside_its_own(template: Template, function: str) -> None:
    role = role_of(template, function)

    assert (role.get("ManagedPolicyArns"), len(role["Policies"])) == (None, 1)


def test_no_policy_is_attached_from_elsewhere(template: Template) -> None:
    attached = {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy"}

    assert {resource.type for resource in template.all_resources()}.isdisjoint(attached)


def test_no_two_functions_share_a_role(template: Template) -> None:
    roles = [role_of(template, function).id for function in NAMES]

    assert len(set(roles)) == len(NAMES)


@pytest.mark.parametrize("function", NAMES)
def test_a_role_is_taken_on_by_lambda_alone(template: Template, function: str) -> None:
    (trust,) = role_of(template, function)["AssumeRolePolicyDocument"]["Statement"]

    assert trust == {
        "Action": "sts:AssumeRole",
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
    }


def test_beside_the_functions_only_api_gateway_and_the_clock_have_a_role(template: Template) -> None:
    of_functions = [role_of(template, function) for function in NAMES]

    others = {role.id for role in template.resources("AWS::IAM::Role") if role not in of_functions}

    account = template.only("AWS::ApiGateway::Account")
    clocks = [schedule["Target"]["RoleArn"] for schedule in template.resources("AWS::Scheduler::Schedule")]
    # The pixel, whose requests API Gateway puts into a queue.
    pixels = [
        method["Integration"]["Credentials"]
        for method in template.resources("AWS::ApiGateway::Method")
        if "Credentials" in method["Integration"]
    ]
    assert others == {template.target(arn).id for arn in (account["CloudWatchRoleArn"], *clocks, *pixels)}


def test_api_gateway_may_write_logs_and_nothing_else(template: Template) -> None:
    other = template.target(template.only("AWS::ApiGateway::Account")["CloudWatchRoleArn"])

    assert other.get("Policies") is None
    assert [template.render(arn) for arn in other["ManagedPolicyArns"]] == [
        "arn:{AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    ]


def test_the_stack_makes_no_user_and_no_long_lived_key(template: Template) -> None:
    users = {"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::AccessKey"}

    assert {resource.type for resource in template.all_resources()}.isdisjoint(users)
