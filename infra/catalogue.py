"""The functions and layers that exist, with the reasons for their sizes; docs/functions.md is generated from it."""

from typing import NamedTuple


class Layer(NamedTuple):
    """A layer of third-party code.

    Parameters
    ----------
    name
        Also the name of its lock: `requirements/layer-<name>.txt`.
    holds
        What is in it and for whom.
    aws_services
        The services whose models botocore keeps; the others are left out, because they are most of its size.
    """

    name: str
    holds: str
    aws_services: tuple[str, ...] = ()


class Function(NamedTuple):
    """A Lambda function.

    Parameters
    ----------
    name
        Short name, as in commands, logs and metrics.
    summary
        What it does, in one line.
    room, module
        Folder below `functions/`, and the module there that holds `handler`.
    layers
        Layers beside the one of our own shared code.
    memory, timeout
        MiB and seconds.
    why
        The argument for both.
    sources
        Files of its room that are shipped with it, beside the settings and the handler's module.
    """

    name: str
    summary: str
    room: str
    module: str
    layers: tuple[str, ...]
    memory: int
    timeout: int
    why: str
    sources: tuple[str, ...] = ()


SHARED = "shared"
"""Name of the layer that holds `shared` and `schemas`: our own code, which every function has."""

LAYERS: tuple[Layer, ...] = (
    Layer(
        "ingest",
        "pydantic-core for compiled validators and tzdata for sites' time zones, on the ingest path; msgspec and isal, "
        "for the worker that counts visits",
    ),
    Layer(
        "backend",
        "boto3, Powertools, Pydantic, Jinja2, python-slugify, msgspec, isal and tzdata, for all functions but the "
        "ingest path",
        aws_services=("cognito-idp", "dynamodb", "secretsmanager", "sesv2", "ssm"),
    ),
    Layer("agents", "ua-parser and crawler-user-agents, for the worker that classes browsers and knows bots"),
    Layer("tokens", "PyJWT and cryptography, for functions that verify tokens"),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "ingest_contact", "Accept contact forms, publish ContactSubmitted", "ingest", "contact", ("ingest",), 512, 15,
        "A visitor waits, and processor time grows with memory: 512 MiB halve the cold start of 256 for the same "
        "price per request. Three attempts of three seconds at the bus fit into 15 s, under API Gateway's 29.",
    ),
    Function(
        "store_contact", "Write submissions into the table", "workers", "store_contact", ("backend",), 256, 20,
        "Nobody waits. Ten records with five attempts each at a conflicted transaction stay under 20 s.",
    ),
    Function(
        "notify_contact", "Send the mails about a submission", "workers", "notify_contact", ("backend",), 256, 30,
        "Nobody waits. Ten records of two mails each, at up to a second a mail, fit into 30 s.",
        sources=("contact_mail.py", "templates/*"),
    ),
    Function(
        "query_contact", "List and read submissions", "query", "contact", ("backend",), 512, 10,
        "An editor waits for boto3 to start, which needs processor time more than memory. A page is four queries.",
    ),
    Function(
        "query_operations", "Tell what became of an accepted request", "query", "operations", ("backend",), 512, 10,
        "As query_contact: a caller polls, and one query answers.",
    ),
    Function(
        "edit_contact", "Change or erase a submission", "edit", "contact", ("backend",), 512, 10,
        "As query_contact: an editor waits, and one write answers.",
    ),
    Function(
        "ingest_projects", "Accept changes of projects, publish them as commands", "ingest", "projects", ("ingest",),
        512, 20,
        "As ingest_contact: an editor waits. Nine seconds at the bus at worst, five for the outcome where the caller "
        "prefers to wait for it, and the last look at the table fit into 20 s.",
    ),
    Function(
        "apply_project", "Apply commands to projects, publish what follows", "workers", "apply_project", ("backend",),
        512, 30,
        "Callers may wait for it, and a transaction has up to a hundred writes to serialize: processor time. Ten "
        "commands with five attempts each stay under 30 s, and so does an order of a hundred projects.",
    ),
    Function(
        "query_projects", "List and read projects", "query", "projects", ("backend", "tokens"), 512, 10,
        "As query_contact: visitors wait. A page is a query for each status and locale.",
        sources=("project_query.py",),
    ),
    Function(
        "query_project_versions", "List, read and compare versions of projects", "query", "project_versions",
        ("backend",), 512, 10,
        "As query_contact: an editor waits, and two reads answer.",
    ),
    Function(
        "query_project_previews", "Make preview links", "query", "project_previews", ("backend", "tokens"), 512, 10,
        "As query_contact: an editor waits; a read and a key that is kept answer.",
    ),
    Function(
        "release_projects", "Ask for what is due to projects", "schedule", "release_projects", ("backend",), 256, 30,
        "Nobody waits. Five hundred projects are fifty calls to the bus, well under 30 s.",
    ),
    Function(
        "ingest_analytics", "Accept page views and events, send them to their queue", "ingest", "analytics",
        ("ingest",), 512, 15,
        "As ingest_contact: a page may be closing, so an answer must not wait. Once an hour it asks for the day's "
        "salt, and the first request of a day makes it: at most three calls more, of milliseconds each.",
    ),
    Function(
        "aggregate_analytics", "Count page views and events, each exactly once", "workers", "aggregate_analytics",
        ("ingest", "agents"), 1024, 45,
        "Nobody waits, but a batch may be the 6 MB that Lambda hands over: parsed they take some hundred MB, and the "
        "processor time that comes with them. Its transactions have most of 45 s to outlast conflicts and throttling; "
        "a bad message, which is delivered five times at six times that, is given up before the queue counts as stuck.",
    ),
    Function(
        "query_analytics", "Report on visits", "query", "analytics", ("backend",), 1024, 20,
        "A viewer waits. A year is a dozen queries by key; where it is by page, they answer with up to a thousand "
        "pages for each day, some 20 MB of JSON to parse and add up, which takes processor time.",
        sources=("analytics_query.py",),
    ),
    Function(
        "remove_salts", "Delete the salts of days that are over", "schedule", "remove_salts", ("backend",), 256, 30,
        "Nobody waits. Fourteen deletions by name take a second or two.",
    ),
    Function(
        "users_directory", "Administer users", "users", "directory", ("backend",), 512, 20,
        "An administrator waits. A page of 60 users is 61 calls, two seconds at worst; a change of an administrator "
        "may wait four seconds for another one.",
    ),
    Function(
        "users_me", "Read and change one's own account", "users", "me", ("backend",), 512, 10,
        "As query_contact: a user waits, and two calls answer.",
    ),
    Function(
        "users_auth", "Sign in, refresh and sign out", "users", "auth", ("backend",), 512, 15,
        "As query_contact: a user waits. One call to Cognito between two to the table, each with one repetition.",
    ),
    Function(
        "authorizer", "Turn a bearer token into an IAM policy", "authorizer", "handler", ("tokens",), 512, 5,
        "It stands before every protected request; API Gateway keeps its answer for five minutes. A token is "
        "verified in well under a millisecond, so five seconds are for a cold start and the two at most that an "
        "issuer has to answer with its keys.",
        sources=("policy.py",),
    ),
)  # fmt: skip


def function(name: str) -> Function:
    """Return the function with the short name `name`."""
    return next(entry for entry in FUNCTIONS if entry.name == name)


def workers() -> tuple[Function, ...]:
    """Return the functions that have a queue."""
    return tuple(entry for entry in FUNCTIONS if entry.room == "workers")
