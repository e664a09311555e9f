"""Keys of the single table; docs/data-model.md shows them with examples.

| record       | PK             | SK                 | GSI1PK            | GSI1SK                |
| ------------ | -------------- | ------------------ | ----------------- | --------------------- |
| submission   | `CONTACT#<id>` | `SUBMISSION`       | `CONTACT#<status>`| `<received_at>#<id>`  |
| delivery     | `CONTACT#<id>` | `DELIVERY#<channel>` |                 |                       |
| ledger entry | `LEDGER#<id>`  | `<consumer>`       |                   |                       |
| early        | `EARLY#<id in the queue>` | `DELIVERIES` |              |                       |
| attempts     | `SIGNIN#<account>` | `WINDOW#<time>` |                  |                       |
| lease        | `LEASE#<name>` | `LEASE`            |                   |                       |
| project      | `PROJECT#<id>` | `RECORD`           |                   |                       |
| version      | `PROJECT#<id>` | `VERSION#<number>` |                   |                       |
| due          | `PROJECT#<id>` | `DUE`              | `PROJECTS#due`    | `<time>#<id>`         |
| entry        | `PROJECT#<id>` | `ENTRY#<facet>`    | `PROJECTS#<list>` | `<position>#<created>#<id>` |
| slug         | `SLUG#<locale>#<slug>` | `SLUG`     |                   |                       |
| locales      | `PROJECTS`     | `LOCALES`          |                   |                       |
| site         | `ANALYTICS#<site>` | `SITE`         |                   |                       |
| plan         | `ANALYTICS#<site>` | `PLAN#<day>`   |                   |                       |
| live         | `ANALYTICS#<site>` | `LIVE#<shard>` |                   |                       |
| receipts     | `RECEIPTS#<id's first nine digits>` | `PAGE#<number>` |  |                       |
| visitors     | `VISITORS#<site>#<day>#<bucket>` | `STATES` |           |                       |
| day rollup   | `ROLLUP#<site>#<group>#<month>#<shard>` | `<day>` |     |                       |
| hour rollup  | `ROLLUP#<site>#<group>#<day>#<shard>` | `<hour>` |      |                       |

An entry is in the other two indexes as well: by date in `GSI2SK`, by title in `GSI3SK`.
"""

INDEX = "GSI1"
"""The index that most lists are read from, with keys `GSI1PK` and `GSI1SK`."""

INDEX_BY_DATE, INDEX_BY_TITLE = "GSI2", "GSI3"
"""The same partitions in other orders: keys `GSI1PK` and `GSI2SK`, `GSI1PK` and `GSI3SK`."""

INDEXES = {INDEX: "GSI1SK", INDEX_BY_DATE: "GSI2SK", INDEX_BY_TITLE: "GSI3SK"}
"""Every index with its sort key; the partition key of all is `GSI1PK`."""

TTL_ATTRIBUTE = "expires_at"
"""Attribute after whose time, in seconds since the epoch, DynamoDB removes an item."""

LEDGER_RETENTION_SECONDS = 60 * 24 * 3600
"""How long what became of a message is kept: longer than it can live in a queue, its dead-letter queue and the bus's
archive."""

HOURS_RETENTION_SECONDS = 90 * 24 * 3600
"""How long what was counted of visits in an hour is kept after it was last counted into."""

VISITORS_RETENTION_SECONDS = 20 * 24 * 3600
"""How long visitors are kept: longer than a message lives in the queue and, unless it is replayed, its dead letters."""

PLAN_RETENTION_SECONDS = 90 * 24 * 3600
"""How long plans are kept: longer than any visitors of the day, so that these are found when they are to be erased."""

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


def early_deliveries(queue_id: str) -> dict[str, str]:
    """Return the key of the deliveries at which a message, by its id in the queue, came too early."""
    return {"PK": f"EARLY#{queue_id}", "SK": "DELIVERIES"}


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


PROJECT_VERSION_PREFIX = "VERSION#"
PROJECT_ENTRY_PREFIX = "ENTRY#"
PROJECTS_DUE = "PROJECTS#due"
"""Index partition of the projects to which something is to happen by itself, by its time."""


def project_partition(project_id: str) -> str:
    """Return the partition of a project and all that belongs to it."""
    return f"PROJECT#{project_id}"


def project(project_id: str) -> dict[str, str]:
    """Return the key of a project."""
    return {"PK": project_partition(project_id), "SK": "RECORD"}


def project_version(project_id: str, version: int) -> dict[str, str]:
    """Return the key of a project's document as it was at a version."""
    return {"PK": project_partition(project_id), "SK": f"{PROJECT_VERSION_PREFIX}{version:09d}"}


def project_due(project_id: str) -> dict[str, str]:
    """Return the key of what is to happen to a project by itself."""
    return {"PK": project_partition(project_id), "SK": "DUE"}


def project_entry(project_id: str, facet: str) -> dict[str, str]:
    """Return the key of a project's entry in the lists that are narrowed to `facet`."""
    return {"PK": project_partition(project_id), "SK": f"{PROJECT_ENTRY_PREFIX}{facet}"}


def projects_facet(*, year: str = "", featured: bool = False, tag: str = "") -> str:
    """Return what a list is narrowed to. The tag stands last, because it may hold any character."""
    return f"{year}#{'featured' if featured else ''}#{tag.casefold()}"


def project_list(status: str, locale: str, facet: str) -> str:
    """Return the index partition of a list of projects."""
    return f"PROJECTS#{status}#{locale}#{facet}"


def slug(locale: str, name: str) -> dict[str, str]:
    """Return the key of a slug's reservation."""
    return {"PK": f"SLUG#{locale}#{name}", "SK": "SLUG"}


def project_locales() -> dict[str, str]:
    """Return the key of the set of locales that projects were written in."""
    return {"PK": "PROJECTS", "SK": "LOCALES"}


def site(name: str) -> dict[str, str]:
    """Return the key of what is known of a site: in how many shards it is counted at most."""
    return {"PK": f"ANALYTICS#{name}", "SK": "SITE"}


def day_plan(site_name: str, day: str) -> dict[str, str]:
    """Return the key of how a day of a site is divided: into buckets of visitors and shards of rollups."""
    return {"PK": f"ANALYTICS#{site_name}", "SK": f"PLAN#{day}"}


def live(site_name: str, shard: int) -> dict[str, str]:
    """Return the key of who was there in the last minutes."""
    return {"PK": f"ANALYTICS#{site_name}", "SK": f"LIVE#{shard}"}


RECEIPT_PREFIX = 9
"""Digits of an id that say in which bucket its receipt is: UUIDv7s of the same four seconds lie together."""


def receipt(message_id: str) -> tuple[str, str]:
    """Return the partition of the bucket that holds the receipt of a message, and by what it is found there."""
    digits = message_id.replace("-", "")
    return f"RECEIPTS#{digits[:RECEIPT_PREFIX]}", digits[RECEIPT_PREFIX:]


def receipts(message_id: str, page: int = 0) -> dict[str, str]:
    """Return the key of the bucket that holds the receipt of a message, and those of others; a full one has pages."""
    return {"PK": receipt(message_id)[0], "SK": receipts_page(page)}


def receipts_page(number: int) -> str:
    """Return the sort key of a page of a bucket of receipts."""
    return f"PAGE#{number}"


def receipt_name(message_id: str) -> str:
    """Return by what the receipt of a message is found in its bucket."""
    return receipt(message_id)[1]


def visitors(site_name: str, day: str, bucket: int) -> dict[str, str]:
    """Return the key of some of a day's visitors."""
    return {"PK": f"VISITORS#{site_name}#{day}#{bucket}", "SK": "STATES"}


def day_rollup(site_name: str, group: str, day: str, shard: int) -> dict[str, str]:
    """Return the key of what was counted on a day, such as `2026-01-31`; a month's days are one partition."""
    return {"PK": f"ROLLUP#{site_name}#{group}#{day[:7]}#{shard}", "SK": day}


def hour_rollup(site_name: str, group: str, day: str, hour: int, shard: int) -> dict[str, str]:
    """Return the key of what was counted in an hour, from 0 at the site's midnight on; a day's are one partition."""
    return {"PK": f"ROLLUP#{site_name}#{group}#{day}#{shard}", "SK": f"{hour:02d}"}
