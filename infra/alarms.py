"""The alarms that exist, with the argument for each setting; docs/alarms.md is generated from it."""

from enum import StrEnum
from typing import NamedTuple

RUNBOOK = "docs/runbook.md"
"""A section of it is named after each alarm."""


class Urgency(StrEnum):
    """Whether somebody is woken up, or a ticket is enough."""

    PAGE = "page"
    TICKET = "ticket"


class Missing(StrEnum):
    """What CloudWatch makes of a period without a datapoint."""

    BREACHING = "breaching"
    IGNORE = "ignore"
    NOT_BREACHING = "notBreaching"


class Judgement(NamedTuple):
    """When values become an alarm: `datapoints` of the last `periods` breach, each of so many seconds."""

    seconds: int
    datapoints: int
    periods: int
    missing: Missing = Missing.NOT_BREACHING


class AlarmKind(NamedTuple):
    """A kind of alarm, of which one exists for each thing it watches.

    Parameters
    ----------
    name
        Also the anchor of its section in the runbook.
    urgency
        Who is told.
    meaning
        A sentence about `{subject}`, which is what this alarm watches.
    command
        What to run first; may name `{stage}`, `{region}`, `{log_group}`, `{access_log}`,
        `{stack}` and `{subject}`.
    setting
        The threshold's field in the section `alarms` of a stage.
    judgement, why
        When it sounds, and the argument for it.
    """

    name: str
    urgency: Urgency
    meaning: str
    command: str
    setting: str
    judgement: Judgement
    why: str


# Without a start, the search would begin where the log does, weeks ago.
_SINCE = """--start-time "$(date -d '1 hour ago' +%s000)" --region {region}"""
_ERRORS = f"aws logs filter-log-events --log-group-name {{log_group}} --filter-pattern ERROR {_SINCE}"
_CRASHES = (
    "aws logs filter-log-events --log-group-name {log_group} "
    f"""--filter-pattern '?ERROR ?"Task timed out" ?"Runtime exited"' {_SINCE}"""
)
_REPORTS = f"aws logs filter-log-events --log-group-name {{log_group}} --filter-pattern REPORT {_SINCE}"
_DENIALS = f"aws logs filter-log-events --log-group-name {{log_group}} --filter-pattern '\"token refused\"' {_SINCE}"
_ACCESS = "aws logs filter-log-events --log-group-name {{access_log}} --filter-pattern '{pattern}' {since}"
_SLOWEST = (
    "aws logs start-query --log-group-name {access_log} "
    """--start-time "$(date -d '1 hour ago' +%s)" --end-time "$(date +%s)" """
    "--query-string 'stats pct(latency_ms, 99) as p99, count(*) by route, method | sort p99 desc' --region {region}"
)
_ALARMING = "aws cloudwatch describe-alarms --state-value ALARM --alarm-name-prefix {prefix}- --region {region}"


def _access(pattern: str) -> str:
    """Return the command that searches the API's access log; a brace of the pattern is not a placeholder."""
    return _ACCESS.format(pattern=pattern.replace("{", "{{").replace("}", "}}"), since=_SINCE)


QUEUE_DEPTH = AlarmKind(
    "queue-depth", Urgency.TICKET, "Messages arrive in {subject} faster than they are applied.", _ERRORS,
    "queue_depth", Judgement(300, 3, 3),
    "A burst drains within minutes, so a quarter of an hour. An idle queue sends nothing, and holds nothing.",
)  # fmt: skip
QUEUE_AGE = AlarmKind(
    "queue-age", Urgency.PAGE, "The oldest message of {subject} has waited for too long: its worker is stuck.", _ERRORS,
    "queue_age_seconds", Judgement(300, 1, 1),
    "The age has grown for as long as the threshold says: nothing is gained by waiting on. An idle queue sends "
    "nothing, and holds nothing.",
)  # fmt: skip
DEAD_LETTERS = AlarmKind(
    "dead-letters", Urgency.TICKET, "{subject} holds accepted messages that were not applied; they expire in days.",
    "sitewire dlq show {subject} --stage {stage}", "dead_letters", Judgement(60, 1, 1, Missing.IGNORE),
    "One is one too many. SQS stops sending values for a queue that nobody touched for six hours, messages or not: "
    "ignoring that keeps the alarm until a value says that the queue is empty.",
)  # fmt: skip
API_5XX = AlarmKind(
    "api-5xx", Urgency.PAGE, "The API fails visitors.", _access('{ $.status = "5*" }'),
    "api_5xx_percent", Judgement(300, 2, 3),
    "Two of three, so that one bad minute of AWS wakes nobody; a least number of failures, so that one failure at "
    "night is not 100 %. Without requests nobody is failed.",
)  # fmt: skip
API_4XX = AlarmKind(
    "api-4xx", Urgency.TICKET, "The API refuses an unusual share of requests.", _access('{ $.status = "4*" }'),
    "api_4xx_percent", Judgement(300, 3, 3),
    "Scanners come and go within minutes, a broken page stays. A least number, because at night they are alone.",
)  # fmt: skip
API_LATENCY = AlarmKind(
    "api-latency", Urgency.TICKET, "Visitors wait for the API: one request in a hundred takes too long.",
    _SLOWEST, "api_p99_ms", Judgement(300, 3, 3),
    "Of few requests the slowest is the 99th percentile, and may be a cold start; three in a row are more than that. "
    "Few samples are judged all the same: a small site has no others.",
)  # fmt: skip
API_SILENCE = AlarmKind(
    "api-silence", Urgency.PAGE, "No request has reached the API: the site, its DNS or its certificate may be broken.",
    "aws cloudformation describe-stacks --stack-name {stack} --region {region}", "quiet_minutes",
    Judgement(300, 1, 1, Missing.BREACHING),
    "Absence is the alarm, so it breaches. As many periods of five minutes as the setting says must all be empty: "
    "one long period would be judged only after several of them.",
)  # fmt: skip
FUNCTION_ERRORS = AlarmKind(
    "function-errors", Urgency.TICKET, "{subject} crashed or was cut off by its timeout.", _CRASHES,
    "function_errors", Judgement(300, 1, 1),
    "Handlers catch every failure of their own: what is left are crashes, lack of memory and timeouts. A function "
    "that is not invoked sends nothing.",
)  # fmt: skip
AUTHORIZER_ERRORS = AlarmKind(
    "authorizer-errors", Urgency.TICKET, "{subject} crashed or was cut off by its timeout; refused tokens don't count.",
    _CRASHES, "function_errors", Judgement(300, 2, 3),
    "It raises to refuse a token, so its denials are subtracted. They arrive by the log, a minute later than the "
    "errors: two of three outlast that.",
)  # fmt: skip
FUNCTION_THROTTLES = AlarmKind(
    "function-throttles", Urgency.TICKET, "Lambda refuses to invoke {subject}: no concurrency is left for it.",
    "aws lambda get-account-settings --region {region}", "function_throttles", Judgement(300, 2, 3),
    "The poller and callers try again, so one refusal heals itself; two of three do not.",
)  # fmt: skip
FUNCTION_DURATION = AlarmKind(
    "function-duration", Urgency.TICKET, "{subject} comes near its timeout, which would cut it off.", _REPORTS,
    "duration_percent", Judgement(300, 2, 3),
    "One cold start or one slow answer of AWS is no trend. Few samples are judged all the same: a small site has no "
    "others.",
)  # fmt: skip
CONCURRENCY = AlarmKind(
    "concurrency", Urgency.PAGE, "The account's functions use nearly all concurrency that it may have in this region.",
    "aws lambda get-account-settings --region {region}", "concurrency_percent", Judgement(60, 3, 3),
    "At the limit every function of the account is refused: three minutes tell a plateau from a peak and leave time. "
    "The quota is read from Service Quotas, because a new account's is 10 and not 1,000.",
)  # fmt: skip
UNAPPLIED = AlarmKind(
    "unapplied", Urgency.PAGE,
    "{subject} applied or rejected fewer messages than were accepted for it: a 202 may be broken.",
    "sitewire dlq list --stage {stage}", "unapplied_percent", Judgement(3600, 2, 6),
    "What was accepted a moment ago is not applied yet, so the newest hour may lack some; a loss shows in two of six. "
    "Without messages there is nothing to compare.",
)  # fmt: skip
TABLE_THROTTLES = AlarmKind(
    "table-throttles", Urgency.TICKET, "DynamoDB throttles reads or writes of {subject} or its indexes.",
    "aws dynamodb describe-table --table-name {subject} --region {region}", "table_throttles", Judgement(300, 2, 3),
    "Callers try again, and on-demand capacity grows within minutes. No value means that nothing was throttled.",
)  # fmt: skip
TABLE_ERRORS = AlarmKind(
    "table-errors", Urgency.TICKET, "DynamoDB itself fails requests to {subject}.",
    "aws dynamodb describe-table --table-name {subject} --region {region}", "table_errors", Judgement(300, 2, 3),
    "Callers try again; AWS heals most of it within a period. No value means that nothing failed.",
)  # fmt: skip
KEYS_UNAVAILABLE = AlarmKind(
    "keys-unavailable", Urgency.PAGE, "{subject} can't fetch an issuer's public keys, so tokens will not be trusted.",
    _ERRORS, "keys_unavailable", Judgement(300, 2, 3),
    "The last good keys are kept, and a fetch is tried again after a minute: one failure harms nobody, two of three "
    "periods lock out whoever meets a fresh environment.",
)  # fmt: skip
DENIALS = AlarmKind(
    "denials", Urgency.TICKET, "{subject} refuses many tokens: an attack, or a client that does not renew its own.",
    _DENIALS, "denials", Judgement(300, 2, 3),
    "An expired token in an open page asks a few times and stops. No value means that no token was refused.",
)  # fmt: skip
MAIL_BOUNCES = AlarmKind(
    "mail-bounces", Urgency.TICKET, "Mails of this account bounce so often that SES may review or pause it.",
    "aws sesv2 get-account --region {region}", "bounce_percent", Judgement(3600, 1, 1, Missing.IGNORE),
    "A rate over many mails that changes slowly and is sent rarely: it holds until the next value.",
)  # fmt: skip
MAIL_COMPLAINTS = AlarmKind(
    "mail-complaints", Urgency.TICKET, "Mails of this account are marked as spam so often that SES may pause it.",
    "aws sesv2 get-account --region {region}", "complaint_percent", Judgement(3600, 1, 1, Missing.IGNORE),
    "As mail-bounces.",
)  # fmt: skip
CERTIFICATE_EXPIRY = AlarmKind(
    "certificate-expiry", Urgency.TICKET, "The certificate of the API's domain expires soon and was not renewed.",
    "aws acm describe-certificate --certificate-arn {subject} --region {region}", "certificate_days",
    Judgement(86_400, 1, 1, Missing.IGNORE),
    "It changes once a day. ACM sends nothing of a certificate that has expired, and that must not end the alarm.",
)  # fmt: skip

KINDS: tuple[AlarmKind, ...] = (
    QUEUE_DEPTH, QUEUE_AGE, DEAD_LETTERS, UNAPPLIED, API_5XX, API_4XX, API_LATENCY, API_SILENCE, FUNCTION_ERRORS,
    AUTHORIZER_ERRORS, FUNCTION_THROTTLES, FUNCTION_DURATION, CONCURRENCY, TABLE_THROTTLES, TABLE_ERRORS,
    KEYS_UNAVAILABLE, DENIALS, MAIL_BOUNCES, MAIL_COMPLAINTS, CERTIFICATE_EXPIRY,
)  # fmt: skip

COMPOSITES = {
    Urgency.PAGE: "Visitors are failed or accepted messages are at risk: at least one alarm needs somebody at once.",
    Urgency.TICKET: "At least one alarm needs somebody on the next working day.",
}
"""What it means that any alarm of an urgency sounds."""

NOTICES = {
    "budget": "The account has cost 80 or 100 % of the month's budget, or will by AWS's forecast.",
    "cost-anomaly": "A service of the account costs more than AWS expected of it.",
}
"""What AWS's billing tells by itself, without an alarm; each has a section in the runbook too."""

DOWNWARDS = frozenset({API_SILENCE.name, CERTIFICATE_EXPIRY.name})
"""Kinds that sound at their threshold or below; all others sound at it or above."""


def describe(meaning: str, anchor: str, command: str) -> str:
    """Return an alarm's description: what it means, where the runbook tells of it, what to run first."""
    return f"{meaning} Runbook: {RUNBOOK}#{anchor} First: {command}"


def what_sounds(*, prefix: str, region: str) -> str:
    """Return the command that lists a stage's alarms that sound."""
    return _ALARMING.format(prefix=prefix, region=region)
