"""Checks of an AWS account and region: whether they are ready for a stage."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cli.health.checks import Check, attempted, fail, ok, skipped, warn
from cli.health.looking import deployment
from infra.names import Names
from infra.stage import Stage

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
LEAST_BOOTSTRAP = 6
"""Version of the bootstrap stack that CDK's templates ask for."""

LEAST_CONCURRENCY = 100
"""Concurrent invocations below which visitors are refused when workers are busy; a new account has 10."""

_CERTIFICATE_DAYS = 30
_LATER = ("bootstrap", "deployment", "mail-account", "mail-sender", "mail-recipients", "concurrency", "api-throttle",
          "domain")  # fmt: skip

ClientOf = Callable[..., Any]


def cloud_checks(settings: Stage, client: ClientOf) -> Iterator[Check]:
    """Yield what is the matter with the account that a stage is deployed to."""
    try:
        caller = client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        advice = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        yield fail("credentials", f"AWS does not know who you are: {error}", advice)
        yield from (skipped(name, "there are no credentials that work") for name in _LATER)
        return
    yield ok("credentials", f"you are {caller['Arn']} in account {caller['Account']}")
    yield from attempted("bootstrap", lambda: bootstrap(client("ssm"), caller["Account"], settings.region))
    yield from attempted("deployment", lambda: stack(client("cloudformation"), settings.name))
    yield from attempted("mail", lambda: mail(client("sesv2"), settings))
    yield from attempted("concurrency", lambda: concurrency(client("lambda")))
    yield from attempted("api-throttle", lambda: api_throttle(client("apigateway"), settings))
    yield from attempted("domain", lambda: domains(client, settings))


def bootstrap(ssm: Any, account: str, region: str) -> Iterator[Check]:  # noqa: ANN401  boto3's clients
    """Yield whether CDK may deploy into the region."""
    name, advice = "bootstrap", f"run 'cdk bootstrap aws://{account}/{region}'"
    try:
        version = int(ssm.get_parameter(Name=BOOTSTRAP)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        yield fail(name, f"{region} is not bootstrapped for CDK", advice)
        return
    if version < LEAST_BOOTSTRAP:
        yield fail(name, f"version {version} of CDK's bootstrap is older than {LEAST_BOOTSTRAP}", advice)
    else:
        yield ok(name, f"version {version} of CDK's bootstrap")


def stack(cloudformation: Any, stage: str) -> Iterator[Check]:  # noqa: ANN401
    """Yield how the last deployment ended."""
    name, command = "deployment", f"run 'sitewire deploy {stage}'"
    try:
        last = deployment(cloudformation, Names(stage).stack)
    except (ValueError, ClientError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] != "ValidationError":
            raise
        yield warn(name, "the stage is not deployed", command)
        return
    if last.is_bad:
        yield fail(name, f"the last one, at {last.at}, is {last.status}",
                   f"see why with 'aws cloudformation describe-stack-events --stack-name {Names(stage).stack}', "
                   f"then {command}")  # fmt: skip
    else:
        yield ok(name, f"the last one, at {last.at}, is {last.status}")


def mail(ses: Any, settings: Stage) -> Iterator[Check]:  # noqa: ANN401
    """Yield whether mails are sent: the account, its sandbox, the sender, and in the sandbox the recipients."""
    account = ses.get_account()
    is_sandboxed = not account["ProductionAccessEnabled"]
    quota = account.get("SendQuota", {}).get("Max24HourSend", 0)
    if not account["SendingEnabled"] or account.get("EnforcementStatus", "HEALTHY") == "SHUTDOWN":
        yield fail("mail-account", "SES has paused sending", "see why in the SES console, under Reputation metrics")
    elif is_sandboxed:
        yield warn("mail-account", f"SES is in its sandbox: {quota:,.0f} mails a day, to verified addresses only",
                   "ask for production access in the SES console")  # fmt: skip
    elif account.get("EnforcementStatus") == "PROBATION":
        yield warn("mail-account", "SES reviews the account", "see why in the SES console, under Reputation metrics")
    else:
        yield ok("mail-account", f"SES sends up to {quota:,.0f} mails a day")
    sender = settings.contact.sender
    if _is_verified(ses, sender):
        yield ok("mail-sender", f"{sender} is verified")
    else:
        yield fail("mail-sender", f"{sender} is not verified, so SES sends nothing",
                   "follow the link that SES mailed there when the stage was deployed")  # fmt: skip
    if not is_sandboxed:
        yield skipped("mail-recipients", "out of the sandbox, recipients need no verification")
        return
    yield _recipients(ses, settings)


def concurrency(lambda_: Any) -> Iterator[Check]:  # noqa: ANN401
    """Yield whether the account may run enough functions at once."""
    limit = lambda_.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    found = f"{limit:,} invocations may run at once"
    if limit < LEAST_CONCURRENCY:
        yield warn("concurrency", f"only {found}, of all functions of the account",
                   "ask Service Quotas for more: Lambda, Concurrent executions (L-B99A9384)")  # fmt: skip
    else:
        yield ok("concurrency", found)


def api_throttle(apigateway: Any, settings: Stage) -> Iterator[Check]:  # noqa: ANN401
    """Yield whether API Gateway lets through what the stage allows: its account's limit is over all APIs."""
    limits = apigateway.get_account()["throttleSettings"]
    rate, burst = limits["rateLimit"], limits["burstLimit"]
    found = f"API Gateway lets {rate:,.0f} requests a second through, {burst:,} at once"
    throttle = settings.throttle
    if throttle.requests_per_minute / 60 > rate or throttle.burst > burst:
        yield warn("api-throttle", f"{found}, less than the stage's throttle allows one method",
                   "lower throttle in sitewire.toml, or ask Service Quotas for more requests")  # fmt: skip
    else:
        yield ok("api-throttle", found)


def domains(client: ClientOf, settings: Stage) -> Iterator[Check]:
    """Yield the state of each custom domain that leads to the stage's API, and of its certificate."""
    apigateway = client("apigateway")
    apis = {
        api["id"]
        for page in apigateway.get_paginator("get_rest_apis").paginate()
        for api in page["items"]
        if api["name"] == Names(settings.name).api
    }
    found = [
        domain
        for page in apigateway.get_paginator("get_domain_names").paginate()
        for domain in page["items"]
        if apis & _targets(apigateway, domain["domainName"])
    ]
    if not found:
        yield skipped("domain", "no domain of your own leads to the API: it has the address that AWS gave it")
    for domain in found:
        yield _domain(client, domain)


def _domain(client: ClientOf, domain: dict[str, Any]) -> Check:
    name, status = domain["domainName"], domain.get("domainNameStatus", "AVAILABLE")
    if status != "AVAILABLE":
        advice = "see API Gateway's console, under Custom domain names"
        return warn("domain", f"{name} is {status}: {domain.get('domainNameStatusMessage', '')}", advice)
    arn = domain.get("regionalCertificateArn") or domain.get("certificateArn")
    if arn is None:
        return ok("domain", f"{name} is available")
    # The certificate of an edge-optimized domain lies in us-east-1, whatever the region.
    acm = client("acm", region_name=arn.split(":")[3])
    certificate = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    days = (certificate["NotAfter"] - datetime.now(UTC)).days
    advice = "renew it: ACM renews by itself only while its DNS records are there"
    if days < 0:
        return fail("domain", f"the certificate of {name} has expired", advice)
    if days < _CERTIFICATE_DAYS:
        return warn("domain", f"the certificate of {name} expires in {days} days", advice)
    return ok("domain", f"{name} is available, its certificate valid for {days} days")


def _targets(apigateway: Any, domain: str) -> set[str]:  # noqa: ANN401
    pages = apigateway.get_paginator("get_base_path_mappings").paginate(domainName=domain)
    return {mapping["restApiId"] for page in pages for mapping in page.get("items", [])}


def _recipients(ses: Any, settings: Stage) -> Check:  # noqa: ANN401
    strangers = [address for address in settings.contact.recipients if not _is_verified(ses, address)]
    if strangers:
        return fail("mail-recipients", f"not verified, and so not mailed from the sandbox: {', '.join(strangers)}",
                    "verify them with 'aws sesv2 create-email-identity --email-identity ADDRESS', or leave the "
                    "sandbox")  # fmt: skip
    if settings.contact.autoresponse:
        return warn("mail-recipients", "visitors are not verified, so none is sent an autoresponse from the sandbox",
                    "ask for production access, or turn contact.autoresponse off")  # fmt: skip
    return ok("mail-recipients", "every recipient is verified")


def _is_verified(ses: Any, address: str) -> bool:  # noqa: ANN401
    """Tell whether SES may send for an address: by itself, or by its domain."""
    for identity in (address, address.rpartition("@")[2]):
        try:
            if ses.get_email_identity(EmailIdentity=identity)["VerifiedForSendingStatus"]:
                return True
        except ses.exceptions.NotFoundException:
            continue
    return False
