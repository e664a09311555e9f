"""The section `alarms` of a stage: who is told, and from which value on."""

from typing import Annotated

from pydantic import Field

from infra.sections import Section
from schemas.text import EmailAddress

# SNS confirms each address by a mail of its own, so a long list is a mistake.
Addresses = Annotated[tuple[EmailAddress, ...], Field(max_length=20)]
Percent = Annotated[float, Field(ge=0.01, le=100)]
Count = Annotated[int, Field(ge=1)]


class Alarms(Section):
    """Alarms: the addresses that are told, and the thresholds; docs/alarms.md says what each alarm watches."""

    emails: Addresses = Field(default=(), description="e-mail addresses that are told of every alarm, in detail")
    page_emails: Addresses = Field(
        default=(), description="e-mail addresses, such as a pager's, that are told once when somebody must wake up"
    )
    ticket_emails: Addresses = Field(
        default=(),
        description="e-mail addresses, such as a tracker's, that are told once of what can wait until morning",
    )
    queue_depth: Count = Field(default=100, description="messages that wait in a worker's queue")
    queue_age_seconds: Annotated[int, Field(ge=60, le=345_600)] = Field(
        default=1800,
        description="seconds that a message may wait for its worker; a bad one waits up to 1350 until it is given up",
    )
    dead_letters: Count = Field(default=1, description="messages in a dead-letter queue")
    api_5xx_percent: Percent = Field(default=1.0, description="percent of requests that fail")
    api_5xx_minimum: Count = Field(
        default=3, description="failed requests in five minutes below which their percentage is not judged"
    )
    api_4xx_percent: Percent = Field(default=50.0, description="percent of requests that are refused")
    api_4xx_minimum: Count = Field(
        default=100, description="refused requests in five minutes below which their percentage is not judged"
    )
    api_p99_ms: Annotated[int, Field(ge=50, le=29_000)] = Field(
        default=3000, description="milliseconds within which 99 of 100 requests are answered"
    )
    quiet_minutes: Annotated[int, Field(ge=0, le=1440, multiple_of=5)] = Field(
        default=0, description="minutes without any request, a multiple of 5 up to 1440; 0 turns this alarm off"
    )
    function_errors: Count = Field(default=1, description="crashes and timeouts of a function in five minutes")
    function_throttles: Count = Field(default=1, description="refused invocations of a function in five minutes")
    duration_percent: Percent = Field(
        default=80.0, description="percent of its timeout within which 99 of 100 invocations of a function end"
    )
    concurrency_percent: Percent = Field(
        default=80.0, description="percent of the account's concurrent invocations in use, by all of its functions"
    )
    unapplied_percent: Percent = Field(
        default=1.0, description="percent of an hour's accepted messages that were neither applied nor rejected"
    )
    table_throttles: Count = Field(default=10, description="throttled reads and writes of the table in five minutes")
    table_errors: Count = Field(default=5, description="requests in five minutes that failed inside DynamoDB")
    keys_unavailable: Count = Field(
        default=1, description="failed attempts in five minutes to fetch the public keys of an issuer of tokens"
    )
    denials: Count = Field(default=50, description="refused tokens in five minutes")
    certificate_days: Count = Field(
        default=30, description="days until the certificate expires; ACM renews its own 60 days before that"
    )
    bounce_percent: Percent = Field(
        default=2.5, description="percent of the account's mails that bounce; SES reviews the account from 5 on"
    )
    complaint_percent: Percent = Field(
        default=0.05, description="percent of the account's mails marked as spam; SES reviews the account from 0.1 on"
    )
