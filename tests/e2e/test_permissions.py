"""Each function may do what its policy says, and nothing else."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.catalogue import FUNCTIONS
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
        self._session = boto3.Session(
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=assumed["SecretAccessKey"],
            aws_session_token=assumed["SessionToken"],
            region_name=site.outputs["region"],
        )

    def client(self, service: str) -> Any:
        """Return a client of a service."""
        return self._session.client(service, endpoint_url=self.site.outputs["aws_endpoint_url"])  # type: ignore[call-overload]


def _read_item(rights: Rights) -> Any:
    return rights.client("dynamodb").get_item(TableName=rights.site.outputs["table"], Key=KEY)


def _delete_item(rights: Rights) -> Any:
    return rights.client("dynamodb").delete_item(TableName=rights.site.outputs["table"], Key=KEY)


def _scan(rights: Rights) -> Any:
    return rights.client("dynamodb").scan(TableName=rights.site.outputs["table"])


def _put_item(rights: Rights) -> Any:
    return rights.client("dynamodb").put_item(TableName=rights.site.outputs["table"], Item=KEY)


def _publish(rights: Rights) -> Any:
    entry = {"Source": "probe", "DetailType": "Probe", "Detail": "{}", "EventBusName": rights.site.outputs["bus"]}
    return rights.client("events").put_events(Entries=[entry])


def _read_secret(rights: Rights) -> Any:
    return rights.client("secretsmanager").get_secret_value(SecretId=rights.site.outputs["token_secret"])


def _send_as_somebody_else(rights: Rights) -> Any:
    return rights.client("sesv2").send_email(
        FromEmailAddress="ceo@elsewhere.example",
        Destination={"ToAddresses": ["x@example.org"]},
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
    )


FORBIDDEN: dict[str, tuple[Call, ...]] = {
    "ingest_contact": (_read_item, _put_item, _scan, _read_secret, _send_as_somebody_else),
    "store_contact": (_read_item, _delete_item, _scan, _publish, _read_secret, _send_as_somebody_else),
    "notify_contact": (_read_item, _delete_item, _scan, _publish, _read_secret, _send_as_somebody_else),
    "query_contact": (_put_item, _delete_item, _scan, _publish, _read_secret),
    "query_operations": (_put_item, _delete_item, _scan, _publish, _read_secret),
    "edit_contact": (_put_item, _scan, _publish, _read_secret),
    "authorizer": (_read_item, _put_item, _scan, _publish),
}
ALLOWED: dict[str, Call] = {
    "ingest_contact": _publish,
    "store_contact": _put_item,
    "edit_contact": _delete_item,
    "authorizer": _read_secret,
}
PAIRS = [(function, call) for function, calls in FORBIDDEN.items() for call in calls]


def test_every_function_is_probed() -> None:
    assert set(FORBIDDEN) == {function.name for function in FUNCTIONS}


@pytest.mark.parametrize(("function", "call"), PAIRS, ids=lambda value: getattr(value, "__name__", value))
def test_a_call_outside_the_policy_is_denied(site: Site, function: str, call: Call) -> None:
    rights = Rights(site, function)

    with pytest.raises(ClientError) as raised:
        call(rights)

    assert raised.value.response["Error"]["Code"] in ACCESS_DENIED


@pytest.mark.parametrize(("function", "call"), ALLOWED.items(), ids=list(ALLOWED))
def test_a_call_inside_the_policy_succeeds(site: Site, function: str, call: Call) -> None:
    answer = call(Rights(site, function))

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
