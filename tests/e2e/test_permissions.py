"""Each function may do what its policy says, and nothing else."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.catalogue import FUNCTIONS
from infra.names import Names
from schemas.routes import Role
from tests.e2e.conftest import Site

KEY = {"PK": {"S": "PROBE"}, "SK": {"S": "PROBE"}}
ACCESS_DENIED = {"AccessDenied", "AccessDeniedException"}

Call = Callable[["Rights"], Any]


class Rights:
    """Clients with the rights of one function's role."""

    def __init__(self, site: Site, function: str) -> None:
        configuration = site.aws("lambda").get_function_configuration(FunctionName=site.outputs["functions"][function])
        assumed = site.aws("sts").assume_role(RoleArn=configuration["Role"], RoleSessionName="probe")["Credentials"]
        self.site = site
        self._credentials = {
            "aws_access_key_id": assumed["AccessKeyId"],
            "aws_secret_access_key": assumed["SecretAccessKey"],
            "aws_session_token": assumed["SessionToken"],
        }

    def client(self, service: str) -> Any:
        """Return a client of a service."""
        outputs = self.site.outputs
        return boto3.client(  # type: ignore[call-overload]
            service, endpoint_url=outputs["aws_endpoint_url"], region_name=outputs["region"], **self._credentials
        )


def _read_item(rights: Rights) -> Any:
    return rights.client("dynamodb").get_item(TableName=rights.site.outputs["table"], Key=KEY)


def _delete_item(rights: Rights) -> Any:
    return rights.client("dynamodb").delete_item(TableName=rights.site.outputs["table"], Key=KEY)


def _scan(rights: Rights) -> Any:
    return rights.client("dynamodb").scan(TableName=rights.site.outputs["table"])


def _put_item(rights: Rights) -> Any:
    return rights.client("dynamodb").put_item(TableName=rights.site.outputs["table"], Item=KEY)


def _update_item(rights: Rights) -> Any:
    return rights.client("dynamodb").update_item(TableName=rights.site.outputs["table"], Key=KEY)


def _publish(rights: Rights) -> Any:
    entry = {"Source": "probe", "DetailType": "Probe", "Detail": "{}", "EventBusName": rights.site.outputs["bus"]}
    return rights.client("events").put_events(Entries=[entry])


def _list_projects(rights: Rights) -> Any:
    return rights.client("dynamodb").query(
        TableName=rights.site.outputs["table"],
        IndexName="GSI3",
        KeyConditionExpression="GSI1PK = :list",
        ExpressionAttributeValues={":list": {"S": "PROBE"}},
    )


def _read_preview_key(rights: Rights) -> Any:
    return rights.client("secretsmanager").get_secret_value(SecretId=Names(rights.site.outputs["stage"]).preview_key)


def _change_preview_key(rights: Rights) -> Any:
    key = Names(rights.site.outputs["stage"]).preview_key
    return rights.client("secretsmanager").put_secret_value(SecretId=key, SecretString="probe")


def _read_user(rights: Rights) -> Any:
    user = {"UserPoolId": rights.site.outputs["user_pool"], "Username": "viewer@seed.example"}
    return rights.client("cognito-idp").admin_get_user(**user)


def _delete_user(rights: Rights) -> Any:
    user = {"UserPoolId": rights.site.outputs["user_pool"], "Username": "nobody@seed.example"}
    return rights.client("cognito-idp").admin_delete_user(**user)


def _make_admin(rights: Rights) -> Any:
    user = {"UserPoolId": rights.site.outputs["user_pool"], "Username": "viewer@seed.example"}
    return rights.client("cognito-idp").admin_add_user_to_group(**user, GroupName="admin")


def _send_as_somebody_else(rights: Rights) -> Any:
    return rights.client("sesv2").send_email(
        FromEmailAddress="ceo@elsewhere.example",
        Destination={"ToAddresses": ["x@example.org"]},
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
    )


def _salt(rights: Rights) -> str:
    return f"{Names(rights.site.outputs['stage']).salts}1970-01-01"


def _make_salt(rights: Rights) -> Any:
    return rights.client("ssm").put_parameter(Name=_salt(rights), Value="probe", Type="SecureString", Overwrite=True)


def _read_salt(rights: Rights) -> Any:
    return rights.client("ssm").get_parameter(Name=_salt(rights), WithDecryption=True)


def _delete_salt(rights: Rights) -> Any:
    return rights.client("ssm").delete_parameter(Name=_salt(rights))


def _list_salts(rights: Rights) -> Any:
    return rights.client("ssm").get_parameters_by_path(Path=Names(rights.site.outputs["stage"]).salts)


def _receive_events(rights: Rights) -> Any:
    return rights.client("sqs").receive_message(QueueUrl=rights.site.outputs["queues"]["aggregate_analytics"])


_USERS = (_read_user, _delete_user, _make_admin)
FORBIDDEN: dict[str, tuple[Call, ...]] = {
    "ingest_contact": (_read_item, _put_item, _scan, _send_as_somebody_else, *_USERS),
    "store_contact": (_read_item, _delete_item, _scan, _publish, _send_as_somebody_else, *_USERS),
    "notify_contact": (_read_item, _delete_item, _scan, _publish, _send_as_somebody_else, *_USERS),
    "query_contact": (_put_item, _delete_item, _scan, _publish, *_USERS),
    "query_operations": (_put_item, _delete_item, _scan, _publish, *_USERS),
    "edit_contact": (_put_item, _scan, _publish, *_USERS),
    "ingest_projects": (_put_item, _delete_item, _scan, _list_projects, _read_preview_key, *_USERS),
    "apply_project": (_scan, _list_projects, _read_preview_key, _send_as_somebody_else, *_USERS),
    "query_projects": (_put_item, _delete_item, _scan, _publish, _change_preview_key, *_USERS),
    "query_project_versions": (_put_item, _delete_item, _scan, _publish, _list_projects, _read_preview_key, *_USERS),
    "query_project_previews": (_put_item, _scan, _publish, _list_projects, _change_preview_key, *_USERS),
    "release_projects": (_read_item, _put_item, _scan, _list_projects, _read_preview_key, *_USERS),
    "ingest_analytics": (_read_item, _put_item, _scan, _publish, _list_salts, _delete_salt, _receive_events, *_USERS),
    "aggregate_analytics": (_read_item, _put_item, _delete_item, _scan, _publish, _list_projects, _read_salt, *_USERS),
    "query_analytics": (_put_item, _delete_item, _scan, _publish, _read_salt, *_USERS),
    "remove_salts": (_read_item, _put_item, _scan, _publish, _list_salts, _read_salt, _make_salt, *_USERS),
    "users_directory": (_read_item, _scan, _publish, _send_as_somebody_else),
    "users_me": (_read_item, _put_item, _delete_item, _scan, _publish, _delete_user, _make_admin),
    "users_auth": (_read_item, _put_item, _scan, _publish, *_USERS),
    "authorizer": (_read_item, _put_item, _scan, _publish, *_USERS),
}
ALLOWED: dict[str, Call] = {
    "ingest_contact": _publish,
    "store_contact": _put_item,
    "edit_contact": _delete_item,
    "ingest_projects": _publish,
    "apply_project": _delete_item,
    "query_projects": _list_projects,
    "query_project_previews": _read_preview_key,
    "release_projects": _publish,
    "ingest_analytics": _make_salt,
    "aggregate_analytics": _update_item,
    "query_analytics": _read_item,
    "remove_salts": _delete_salt,
    "users_directory": _read_user,
    "users_me": _read_user,
}
PAIRS = [(function, call) for function, calls in FORBIDDEN.items() for call in calls]


def test_every_function_is_probed() -> None:
    assert set(FORBIDDEN) == {function.name for function in FUNCTIONS}


@pytest.mark.parametrize(("function", "call"), PAIRS, ids=lambda value: getattr(value, "__name__", value))
def test_a_call_outside_the_policy_is_denied(site: Site, function: str, call: Call) -> None:
    site.token(Role.VIEWER)
    rights = Rights(site, function)

    with pytest.raises(ClientError) as raised:
        call(rights)

    assert raised.value.response["Error"]["Code"] in ACCESS_DENIED


@pytest.mark.parametrize(("function", "call"), ALLOWED.items(), ids=list(ALLOWED))
def test_a_call_inside_the_policy_succeeds(site: Site, function: str, call: Call) -> None:
    site.token(Role.VIEWER)

    answer = call(Rights(site, function))

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
