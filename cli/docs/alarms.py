"""docs/alarms.md: what is watched, from which value on, and why it is judged as it is."""

from cli.docs.cloud import Cloud
from cli.docs.markdown import code, page, table
from infra.alarm_settings import Alarms
from infra.alarms import COMPOSITES, KINDS, NOTICES, AlarmKind, Judgement

_INTRODUCTION = """\
Every function, queue and dead-letter queue has its alarms, and so have the API, the table, the authorizer and the
mails. An alarm's description says what it means, where the [runbook](runbook.md) tells of it, and what to run first.
Each is sent to `alarms.emails`. Two more alarms are over all the others: `page` sounds while visitors are failed or
accepted messages are at risk, `ticket` while something can wait until morning; they also tell when it is over.
Addresses and thresholds are fields of [sitewire.toml](configuration.md); SNS asks each address once to confirm."""

_JUDGEMENT = """\
When so many of the last periods breach, the alarm sounds. A period without a value is not breaching, unless it says
otherwise."""

_BILLING = """\
AWS Budgets and Cost Anomaly Detection judge what the account costs. They are no alarms, and are told through the topic
of `ticket`; the budget is mailed to `alarms.emails` too. Amounts are in the section `costs`."""

_MISSING = {"BREACHING": "breaches", "IGNORE": "changes nothing", "NOT_BREACHING": "does not breach"}


def alarms_page(cloud: Cloud) -> str:
    """Return the document."""
    watched = cloud.resources("AWS::CloudWatch::Alarm")
    composites = (
        (code(urgency), meaning, f"[{urgency}](runbook.md#{urgency})") for urgency, meaning in COMPOSITES.items()
    )
    return page(
        "Alarms",
        _INTRODUCTION,
        f"The committed example's production stage has {len(watched)} alarms, and those two.",
        table(("Alarm over all", "Means", "Runbook"), composites),
        "## What billing tells",
        _BILLING,
        table(
            ("Notice", "Means"),
            ((f"[{name}](runbook.md#{name})", meaning) for name, meaning in NOTICES.items()),
        ),
        "## What is watched",
        table(("Alarm", "Told as", "Means", "From, by default"), map(_meaning, KINDS)),
        "## How it is judged",
        _JUDGEMENT,
        table(("Alarm", "Sounds when", "A period without a value", "Why"), map(_judgement, KINDS)),
        source="infra/alarms.py, infra/alarm_settings.py and the template",
    )


def _meaning(kind: AlarmKind) -> tuple[str, ...]:
    default = Alarms.model_fields[kind.setting].default
    return (
        f"[{kind.name}](runbook.md#{kind.name})",
        kind.urgency,
        kind.meaning.format(subject="…"),
        f"{code(f'alarms.{kind.setting}')}: {default or 'off'}",
    )


def _judgement(kind: AlarmKind) -> tuple[str, ...]:
    return (kind.name, _sounds(kind.judgement), _MISSING[kind.judgement.missing.name], kind.why)


def _sounds(judgement: Judgement) -> str:
    minutes = judgement.seconds // 60
    length = {60: "1 hour", 1440: "1 day"}.get(minutes, f"{minutes} min")
    return f"{judgement.datapoints} of {judgement.periods} periods of {length}"
