"""The checks of an AWS account: on moto, and where it lacks a call on the answers that AWS documents."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from cli.health import account
from cli.health.checks import Check, Outcome, attempted
from infra.stage import EXAMPLE, Stage, read_stage
from local.paths import ROOT

SETTINGS = read_stage("production", ROOT / EXAMPLE)
SENDER, RECIPIENT = SETTINGS.contact.sender, SETTINGS.contact.recipients[0]


def only(checks: Any) -> Check:
    (check,) = checks
    assert isinstance(check, Check)
    return check


def bootstrapped(version: str | None) -> Check:
    ssm = boto3.client("ssm")
    if version:
        ssm.put_parameter(Name=account.BOOTSTRAP, Value=version, Type="String")
    return only(account.bootstrap(ssm, "123456789012", "eu-central-1"))


@pytest.mark.parametrize(("version", "outcome"), [(None, "fail"), ("5", "fail"), ("6", "ok"), ("30", "ok")])
def test_cdks_bootstrap_must_be_there_and_not_too_old(version: str | None, outcome: str) -> None:
    check = bootstrapped(version)

    assert check.outcome == outcome
    assert check.outcome is Outcome.OK or check.advice == "run 'cdk bootstrap aws://123456789012/eu-central-1'"


def test_a_stage_that_is_not_deployed_is_a_warning() -> None:
    check = only(account.stack(boto3.client("cloudformation"), "production"))

    assert (check.outcome, check.advice) == (Outcome.WARN, "run 'sitewire deploy production'")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("UPDATE_COMPLETE", "ok"), ("UPDATE_ROLLBACK_COMPLETE", "fail"), ("CREATE_FAILED", "fail")],
)
def test_a_deployment_that_was_taken_back_fails(status: str, outcome: str) -> None:
    client = boto3.client("cloudformation")
    now = datetime.now(UTC)
    with Stubber(client) as stub:
        stack = {"StackName": "sitewire-production", "StackStatus": status, "CreationTime": now}
        stub.add_response("describe_stacks", {"Stacks": [stack]})

        assert only(account.stack(client, "production")).outcome == outcome


def mailed(settings: Stage = SETTINGS, *, sandbox: bool, verified: tuple[str, ...], sending: bool = True) -> list[Any]:
    client: Any = boto3.client("sesv2")
    asked = [SENDER, *(settings.contact.recipients if sandbox else ())]
    with Stubber(client) as stub:
        stub.add_response(
            "get_account",
            {
                "ProductionAccessEnabled": not sandbox, "SendingEnabled": sending, "EnforcementStatus": "HEALTHY",
                "SendQuota": {"Max24HourSend": 200.0},
            },
        )  # fmt: skip
        for address in asked:
            for identity in (address, address.partition("@")[2]):
                if identity in verified:
                    stub.add_response("get_email_identity", {"VerifiedForSendingStatus": True})
                    break
                stub.add_client_error("get_email_identity", "NotFoundException")
        return [(check.name, str(check.outcome)) for check in account.mail(client, settings)]


@pytest.mark.parametrize(
    ("sandbox", "verified", "outcomes"),
    [
        (False, (SENDER,), ["ok", "ok", "skipped"]),
        (False, ("example.org",), ["ok", "ok", "skipped"]),
        (False, (), ["ok", "fail", "skipped"]),
        (True, (SENDER, RECIPIENT), ["warn", "ok", "ok"]),
        (True, (SENDER,), ["warn", "ok", "fail"]),
    ],
)
def test_mails_need_a_verified_sender_and_in_the_sandbox_verified_recipients(
    sandbox: bool, verified: tuple[str, ...], outcomes: list[str]
) -> None:
    found = mailed(sandbox=sandbox, verified=verified)

    assert found == list(zip(["mail-account", "mail-sender", "mail-recipients"], outcomes, strict=True))


def test_autoresponses_do_not_leave_the_sandbox() -> None:
    contact = SETTINGS.contact.model_copy(update={"autoresponse": True})

    found = mailed(SETTINGS.model_copy(update={"contact": contact}), sandbox=True, verified=(SENDER, RECIPIENT))

    assert found[-1] == ("mail-recipients", "warn")


def test_paused_sending_fails() -> None:
    assert mailed(sandbox=False, verified=(SENDER,), sending=False)[0] == ("mail-account", "fail")


@pytest.mark.parametrize(("limit", "outcome"), [(10, "warn"), (1000, "ok")])
def test_a_new_accounts_concurrency_is_a_warning(limit: int, outcome: str) -> None:
    client: Any = boto3.client("lambda")
    with Stubber(client) as stub:
        stub.add_response("get_account_settings", {"AccountLimit": {"ConcurrentExecutions": limit}})

        assert only(account.concurrency(client)).outcome == outcome


@pytest.mark.parametrize(("burst", "outcome"), [(200, "ok"), (5001, "warn")])
def test_the_stages_throttle_is_held_to_the_accounts(burst: int, outcome: str) -> None:
    throttle = SETTINGS.throttle.model_copy(update={"burst": burst})

    check = only(account.api_throttle(boto3.client("apigateway"), SETTINGS.model_copy(update={"throttle": throttle})))

    assert check.outcome == outcome


def test_without_a_domain_there_is_nothing_to_check() -> None:
    assert only(account.domains(boto3.client, SETTINGS)).outcome is Outcome.SKIPPED


@pytest.mark.parametrize(("days", "outcome"), [(-1, "fail"), (10, "warn"), (90, "ok")])
def test_the_certificate_of_a_domain_that_leads_to_the_api_must_be_valid(days: int, outcome: str) -> None:
    apigateway: Any = boto3.client("apigateway")
    arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
    for name, domain in (("sitewire-production", "api.example.org"), ("other", "other.example.org")):
        api = apigateway.create_rest_api(name=name)["id"]
        root = apigateway.get_resources(restApiId=api)["items"][0]["id"]
        apigateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
        apigateway.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
        apigateway.create_deployment(restApiId=api, stageName="v1")
        apigateway.create_domain_name(domainName=domain, regionalCertificateArn=arn)
        apigateway.create_base_path_mapping(domainName=domain, restApiId=api, stage="v1")
    acm: Any = boto3.client("acm")

    def client(service: str, **_: Any) -> Any:
        return acm if service == "acm" else apigateway

    with Stubber(acm) as stub:
        end = datetime.now(UTC) + timedelta(days=days)
        stub.add_response("describe_certificate", {"Certificate": {"NotAfter": end}}, {"CertificateArn": arn})
        check = only(account.domains(client, SETTINGS))

    assert (check.outcome, "api.example.org" in check.found) == (outcome, True)


def test_a_check_that_is_not_allowed_warns_with_the_call_to_allow() -> None:
    client: Any = boto3.client("lambda")
    with Stubber(client) as stub:
        stub.add_client_error("get_account_settings", "AccessDeniedException")
        check = only(attempted("concurrency", lambda: account.concurrency(client)))

    assert check.outcome is Outcome.WARN
    assert "GetAccountSettings" in check.advice


def test_without_credentials_what_needs_them_is_skipped() -> None:
    real: Callable[..., Any] = boto3.client
    sts = real("sts")
    with Stubber(sts) as stub:
        stub.add_client_error("get_caller_identity", "InvalidClientTokenId")
        found = list(account.cloud_checks(SETTINGS, lambda _: sts))

    assert (found[0].name, found[0].outcome) == ("credentials", Outcome.FAIL)
    assert {check.outcome for check in found[1:]} == {Outcome.SKIPPED}
