"""A line that a function writes into its log. docs/logs.md and docs/log-line.schema.json are generated from this.

A line holds ids, types, numbers and constant sentences, and nothing that a visitor wrote.
"""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

from schemas.metrics import CHANNELS, METRICS, PROBLEMS

Number = Annotated[float, Field(ge=0)]
Values = Number | Annotated[list[Number], Field(min_length=1, max_length=100)]

MESSAGES = {
    "request answered": "a request to the API has ended",
    "token accepted": "the authorizer made a policy",
    "token refused": "a token can't be trusted; `reason` says why",
    "keys could not be fetched": "an issuer's public keys; the last good ones are kept",
    "message processed": "a worker has dealt with a message",
    "message failed": "a worker could not deal with a message, which is delivered again",
    "message waits for an earlier one": "a command came too early, and is delivered again",
    "no time left in this invocation": "a record is left for the next delivery",
    "record is not a message of this consumer": "a record can't be read; in the end it is a dead letter",
    "command rejected": "a command to a project will never be applied",
    "mail sent": "SES took a mail",
    "mail skipped": "a mail about spam was left out",
    "mail failed": "a mail could not be sent, and is tried again",
    "batch processed": "a worker is done with a batch; it carries the batch's metrics",
    "batch counted": "visits of a batch were counted; it carries the batch's metrics",
    "messages dropped": "so many visits of a batch were not counted, for one `reason`",
    "due projects released": "the clock asked for what is due",
    "salts removed": "the clock deleted salts",
}
"""The sentences that exist, with what they say."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetricName(_Shape):
    """A metric that the line holds."""

    Name: str
    Unit: Literal["Count", "Milliseconds", "Seconds"]


class MetricDirective(_Shape):
    """Metrics of the line with the fields that are their dimensions."""

    Namespace: Literal["Sitewire"]
    Dimensions: Annotated[list[Annotated[list[str], Field(min_length=1, max_length=2)]], Field(max_length=1)]
    Metrics: Annotated[list[MetricName], Field(min_length=1, max_length=100)]


class Embedded(_Shape):
    """CloudWatch's embedded metric format: it makes metrics of the fields that this names."""

    Timestamp: int
    CloudWatchMetrics: list[MetricDirective]


class FieldProblem(_Shape):
    """What is wrong with a record, where; a name that no schema declares is `*`."""

    type: str
    field: list[str | int]


class _Line(_Shape):
    """A line of a function's log."""

    level: Literal["INFO", "WARNING", "ERROR"] = Field(description="how bad it is; an ERROR needs somebody")
    message: Literal[tuple(MESSAGES)] = Field(description="a constant sentence")  # type: ignore[valid-type]
    timestamp: AwareDatetime = Field(description="when, in UTC")
    service: str = Field(pattern=r"^[a-z_]+$", description="the function's short name")
    function_name: str | None = Field(default=None, description="the function's name")
    location: str | None = Field(default=None, description="where in the code, of lines about a single message")
    cold_start: bool | None = Field(default=None, description="whether it is the first line of an environment")
    xray_trace_id: str | None = Field(default=None, description="the trace in X-Ray")
    correlation_id: str | None = Field(
        default=None, max_length=128, description="the same in every line about a request, and what followed from it"
    )
    request_id: str | None = Field(default=None, description="API Gateway's id of the request")
    function_request_id: str | None = Field(default=None, description="Lambda's id of the invocation")
    route: str | None = Field(default=None, description="method and path as they are declared, without ids")
    status: int | None = Field(default=None, ge=100, le=599, description="the answer's status")
    problem: Literal[PROBLEMS] | None = Field(default=None, description="which problem ended the request")  # type: ignore[valid-type]
    errors: int | None = Field(default=None, ge=0, description="how many fields of the request were wrong")
    cause: str | None = Field(default=None, description="type and place of what broke, never its text")
    message_id: str | None = Field(default=None, description="the id of the message, which is the operation's")
    sqs_message_id: str | None = Field(default=None, description="SQS's id of the record; a replay changes it")
    receive_count: str | None = Field(default=None, pattern=r"^[0-9]+$", description="which delivery it is")
    outcome: Literal["Applied", "Duplicate", "Rejected"] | None = Field(default=None, description="of a message")
    reason: str | None = Field(default=None, max_length=200, description="why it was refused, rejected or dropped")
    error: str | None = Field(default=None, description="the type of what was raised")
    error_code: str | None = Field(default=None, description="AWS's error code, empty for other errors")
    problems: list[FieldProblem] | None = Field(default=None, description="what is wrong with a record")
    channel: Literal[CHANNELS] | None = Field(default=None, description="which mail")  # type: ignore[valid-type]
    attempts: int | None = Field(default=None, ge=1, description="how often the mail was tried")
    issuer: str | None = Field(default=None, description="whose keys can't be fetched")
    role: Literal["viewer", "editor", "admin", "public"] | None = Field(default=None, description="that a token gives")
    tier: str | None = Field(default=None, description="that a token gives")


_VALUES: dict[str, Any] = {
    metric.name: (Values | None, Field(default=None, description=f"{metric.unit}. {metric.tells}"))
    for metric in METRICS
}

LogLine = create_model(
    "LogLine",
    __base__=_Line,
    embedded=(
        Embedded | None,
        Field(default=None, alias="_aws", description="which fields are metrics: CloudWatch's embedded metric format"),
    ),
    **_VALUES,
)
"""A line: its fields, and the metrics that it may carry."""
