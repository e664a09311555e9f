"""Keys of the single table; docs/data-model.md shows them with examples.

| record       | PK             | SK                 | GSI1PK            | GSI1SK                |
| ------------ | -------------- | ------------------ | ----------------- | --------------------- |
| submission   | `CONTACT#<id>` | `SUBMISSION`       | `CONTACT#<status>`| `<received_at>#<id>`  |
| delivery     | `CONTACT#<id>` | `DELIVERY#<channel>` |                 |                       |
| ledger entry | `LEDGER#<id>`  | `<consumer>`       |                   |                       |
| attempts     | `SIGNIN#<account>` | `WINDOW#<time>` |                  |                       |
| lease        | `LEASE#<name>` | `LEASE`            |                   |                       |
"""

INDEX = "GSI1"
"""Name of the table's one secondary index, with keys `GSI1PK` and `GSI1SK`."""

TTL_ATTRIBUTE = "expires_at"
"""Attribute after whose time, in seconds since the epoch, DynamoDB removes an item."""

SUBMISSION = "SUBMISSION"
DELIVERY_PREFIX = "DELIVERY#"


def contact_partition(submission_id: str) -> str:
    """Return the partition of a submission and its deliveries."""
    return f"CONTACT#{submission_id}"


def ledger_partition(message_id: str) -> str:
    """Return the partition of all that consumers did with a message."""
    return f"LEDGER#{message_id}"


def submission(submission_id: str) -> dict[str, str]:
    """Return the key of a submission."""
    return {"PK": contact_partition(submission_id), "SK": SUBMISSION}


def delivery(submission_id: str, channel: str) -> dict[str, str]:
    """Return the key of a submission's delivery through one channel."""
    return {"PK": contact_partition(submission_id), "SK": f"{DELIVERY_PREFIX}{channel}"}


def ledger_entry(message_id: str, consumer: str) -> dict[str, str]:
    """Return the key of what one consumer did with a message."""
    return {"PK": ledger_partition(message_id), "SK": consumer}


def sign_in_attempts(account: str, window: int) -> dict[str, str]:
    """Return the key of the attempts at an account, a digest, in the window that begins at a time in seconds."""
    return {"PK": f"SIGNIN#{account}", "SK": f"WINDOW#{window}"}


def lease(name: str) -> dict[str, str]:
    """Return the key of the right to do something alone."""
    return {"PK": f"LEASE#{name}", "SK": "LEASE"}


def submissions_by_status(status: str) -> str:
    """Return the index partition that holds the submissions of one status."""
    return f"CONTACT#{status}"


def submission_position(received_at: str, submission_id: str) -> str:
    """Return a submission's place in its index partition: by time, then id."""
    return f"{received_at}#{submission_id}"
