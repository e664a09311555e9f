"""docs/functions.md: the contract of every function."""

from cli.docs.cloud import Cloud
from cli.docs.markdown import code, listed, page, table
from cli.docs.sources import settings_fields
from infra.catalogue import FUNCTIONS, SHARED, Function
from infra.names import ALIAS
from schemas.routes import ROUTES

_INTRODUCTION = f"""\
Every function runs on Python 3.13 and arm64, has a role of its own ([iam.md](iam.md)), a log group of its own and an
alias `{ALIAS}`, which is what callers invoke. Besides the layers named here each has `{SHARED}`, our own shared code
([layers.md](layers.md)). Its settings are environment variables, read once at a cold start."""


def functions_page(cloud: Cloud) -> str:
    """Return the document."""
    overview = table(
        ("Function", "Does", "Room", "Memory", "Timeout"),
        (
            (f"[{code(entry.name)}](#{entry.name})", entry.summary, code(entry.room), f"{entry.memory} MiB",
             f"{entry.timeout} s")
            for entry in FUNCTIONS
        ),
    )  # fmt: skip
    parts = [part for entry in FUNCTIONS for part in _describe(entry, cloud)]
    source = "infra/catalogue.py, the functions' settings and the template"
    return page("Functions", _INTRODUCTION, overview, *parts, source=source)


def _describe(function: Function, cloud: Cloud) -> list[str]:
    handler = f"functions/{function.room}/{function.module}.py"
    settings = table(
        ("Variable", "Type", "Meaning"),
        ((code(field.variable), field.type, field.meaning) for field in settings_fields(function)),
    )
    facts = (
        ("Handler", code(handler)),
        ("Trigger", _trigger(function, cloud)),
        ("Memory, timeout", f"{function.memory} MiB, {function.timeout} s"),
        ("Why", function.why),
        ("Layers", listed(function.layers)),
    )
    return [f"## {function.name}", f"{function.summary}.", table(("", ""), facts), settings]


def _trigger(function: Function, cloud: Cloud) -> str:
    routes = [f"{route.method} {route.path}" for route in ROUTES if route.function == function.name]
    if routes:
        return listed(routes)
    if function.name in cloud.authorizers():
        return "API Gateway, before a route that needs a role"
    if schedule := cloud.schedules().get(function.name):
        return f"EventBridge Scheduler, {code(schedule)}"
    queue = cloud.subscriptions()[function.name]
    what = listed(queue.events) if queue.events else "Messages that are sent straight to it,"
    return (
        f"{what} through the queue {code(queue.queue)}: up to {queue.batch_size} messages at a time, "
        f"{queue.max_concurrency} batches at once, invisible for {queue.visibility_timeout} s, "
        f"{queue.max_receives} deliveries, then {code(queue.dead_letter_queue)}"
    )
