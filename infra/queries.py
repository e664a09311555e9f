"""Questions to the logs that operators ask again and again, saved with the stack."""

from typing import NamedTuple

from infra import catalogue

ACCESS = "access"
"""In place of a function: the API's access log."""


class SavedQuery(NamedTuple):
    """A query of Logs Insights: its name, what it tells, the logs that it reads (by function), and its text."""

    name: str
    tells: str
    logs: tuple[str, ...]
    text: str


_FUNCTIONS = tuple(function.name for function in catalogue.FUNCTIONS)
_WORKERS = tuple(worker.name for worker in catalogue.workers())

QUERIES: tuple[SavedQuery, ...] = (
    SavedQuery(
        "follow-a-request", "What every function wrote about one request; put its correlation id in.", _FUNCTIONS,
        """\
fields @timestamp, service, level, message, message_id, status, outcome, reason, error
| filter correlation_id = "CORRELATION_ID"
| sort @timestamp asc""",
    ),
    SavedQuery(
        "failures-by-cause", "What failed, how often, and when last.", _FUNCTIONS,
        """\
fields coalesce(cause, error, reason, problem) as because, error_code
| filter level = "ERROR"
| stats count(*) as failures, latest(@timestamp) as last by service, message, because, error_code
| sort failures desc""",
    ),
    SavedQuery(
        "slowest-requests", "The fifty requests that took longest, with where their time went.", (ACCESS,),
        """\
fields @timestamp, method, route, status, latency_ms, integration_latency_ms, authorizer_latency_ms, xray_trace_id
| sort latency_ms desc
| limit 50""",
    ),
    SavedQuery(
        "rejected-by-reason", "What was refused or rejected, and why.", _FUNCTIONS,
        """\
fields coalesce(problem, reason) as why
| filter Rejected > 0 and (ispresent(problem) or ispresent(reason))
| stats sum(Rejected) as rejected by service, why
| sort rejected desc""",
    ),
    SavedQuery(
        "errors-of-dead-letters", "The messages that failed most often, which die, and with which error.", _WORKERS,
        """\
fields coalesce(message_id, sqs_message_id) as id
| filter level = "ERROR" and message in ["message failed", "record is not a message of this consumer"]
| stats count(*) as failures, latest(error) as last_error, latest(error_code) as code, latest(@timestamp) as last
  by service, id
| sort failures desc
| limit 100""",
    ),
)  # fmt: skip
