"""The metrics that functions write into their logs; docs/metrics.md is generated from this.

Each has the dimension `service`. Some are counted a second time by a field of which there are few values, all of them
declared here: each is a metric that AWS charges for.
"""

from typing import NamedTuple

SERVICE = "service"
"""The dimension that every metric has: the function's short name."""

CHANNELS = ("notification", "autoresponse")
"""Kinds of mails about a submission."""

PROBLEMS = (
    "body-too-large", "conflict", "foreign-origin", "internal-error", "invalid-credentials", "invalid-request",
    "invalid-token", "last-admin", "not-found", "not-invited", "precondition-required", "rejected",
    "too-many-attempts", "unauthorized", "unavailable", "unsupported-media-type", "user-exists", "version-mismatch",
)  # fmt: skip
"""Problems that end a request: the slugs of `shared.problems`."""

REASONS = (
    "bot", "conflict", "crowded", "excluded", "foreign", "in_trash", "invalid", "not_found", "not_in_trash",
    "slug_taken", "too old", "too_large", "version_not_found",
)  # fmt: skip
"""Why workers reject messages, without what a colon and a visitor's or editor's words may follow."""


class MetricKind(NamedTuple):
    """A metric: its name, CloudWatch's unit, what it tells, and the field by which it is counted too, if any."""

    name: str
    unit: str
    tells: str
    by: tuple[str, ...] = ()


METRICS: tuple[MetricKind, ...] = (
    MetricKind("Accepted", "Count", "Requests that were answered as asked; of ingest functions, those accepted."),
    MetricKind("Rejected", "Count", "Requests that were refused, commands that were rejected, visits that were "
               "dropped.", ("problem", "reason")),
    MetricKind("Failed", "Count", "Requests that ended with 5xx; deliveries that will be repeated.", ("problem",)),
    MetricKind("Duration", "Milliseconds", "What a request took inside its function."),
    MetricKind("Parts", "Count", "Messages of visits that were sent: a request may be several."),
    MetricKind("Applied", "Count", "Messages that were applied."),
    MetricKind("Duplicate", "Count", "Messages that had been applied before."),
    MetricKind("Early", "Count", "Commands that wait for an earlier one."),
    MetricKind("AcceptedToApplied", "Seconds", "From the acceptance of a message to its outcome; of a batch of visits "
               "the longest."),
    MetricKind("BatchSize", "Count", "Records that a worker was handed at once."),
    MetricKind("LedgerHits", "Count", "Messages that the ledger knew: at workers repeated ones, at operations those "
               "with an outcome."),
    MetricKind("LedgerMisses", "Count", "Questions for an operation of which the ledger knows nothing, yet or at all."),
    MetricKind("MailSent", "Count", "Mails that SES took.", ("channel",)),
    MetricKind("MailSkipped", "Count", "Mails that were not sent, since the submission is spam.", ("channel",)),
    MetricKind("MailFailed", "Count", "Attempts to send a mail that failed; it is tried again.", ("channel",)),
    MetricKind("PageViews", "Count", "Page views that were counted."),
    MetricKind("Events", "Count", "Page views and events that were counted."),
    MetricKind("Published", "Count", "Projects that became public."),
    MetricKind("Unpublished", "Count", "Projects that are not public any more."),
    MetricKind("Released", "Count", "Projects of which something was due, by the clock."),
    MetricKind("Removed", "Count", "Salts that were deleted."),
    MetricKind("Allowed", "Count", "Tokens that were accepted by the authorizer."),
    MetricKind("Denied", "Count", "Tokens that were refused.", ("reason",)),
    MetricKind("KeysUnavailable", "Count", "Failed attempts to fetch an issuer's keys."),
)  # fmt: skip
