"""Alarms over everything that the stage consists of."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from infra import alarms, catalogue
from infra.alarms import AlarmKind, Urgency
from infra.constructs.costs import Costs
from infra.constructs.notifications import Notifications
from infra.metrics import PIXEL, Metric, Metrics
from infra.names import Names
from infra.stage import Stage

COUNTER = "aggregate_analytics"
"""The worker that API Gateway sends messages to by itself, for requests for the pixel."""

_ACCEPTED_AND_APPLIED = (
    ((("ingest_contact", "Accepted"),), "store_contact"),
    ((("ingest_projects", "Accepted"), ("release_projects", "Released")), "apply_project"),
    ((("ingest_analytics", "Parts"),), COUNTER),
)
"""Functions whose accepted messages a worker applies one for one, each with its metric."""

_VERIFIERS = ("authorizer", "query_projects")
"""Functions that verify tokens."""

_QUIET_PERIOD_MINUTES = 5
_PERCENT = 100


class Monitoring(Construct):
    """Every alarm of `infra.alarms`, and one over all alarms of each urgency.

    Metrics are found by the fixed names of resources, so what is watched comes from the catalogue of functions: a new
    one has its alarms.

    Parameters
    ----------
    stage
        The stage, with the thresholds.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: Stage) -> None:
        super().__init__(scope, id_)
        self._stage = stage
        self._settings = stage.alarms
        self._names = Names(stage.name)
        self._metrics = Metrics(self._names)
        self._notifications = Notifications(self, "Notifications", stage=stage)
        Costs(self, "Costs", stage=stage, topic=self._notifications.of[Urgency.TICKET])
        self._alarms: dict[Urgency, list[cloudwatch.Alarm]] = {urgency: [] for urgency in Urgency}
        for worker in catalogue.workers():
            self._watch_queue(worker.name)
        self._watch_dead_letters(self._names.undelivered_queue)
        for function in catalogue.FUNCTIONS:
            self._watch_function(function)
        for verifier in _VERIFIERS:
            self._watch_verifier(verifier)
        self._watch_api()
        self._watch_table()
        self._watch_mail()
        for accepting, applying in _ACCEPTED_AND_APPLIED:
            pixel = PIXEL if applying == COUNTER else ""
            metric = self._metrics.unapplied(accepting=accepting, applying=applying, pixel=pixel)
            self._add(alarms.UNAPPLIED, metric, of=applying, subject=applying)
        self._add(alarms.CONCURRENCY, self._metrics.concurrency())
        if certificate := stage.certificate_arn:
            self._add(alarms.CERTIFICATE_EXPIRY, self._metrics.certificate(certificate), subject=certificate)
        for urgency in Urgency:
            self._sum_up(urgency)

    def _watch_queue(self, worker: str) -> None:
        queue = self._names.queue(worker)
        self._add(alarms.QUEUE_DEPTH, self._metrics.waiting(queue), of=worker, subject=queue, function=worker)
        self._add(alarms.QUEUE_AGE, self._metrics.oldest(queue), of=worker, subject=queue, function=worker)
        self._watch_dead_letters(self._names.dead_letter_queue(worker), of=worker)

    def _watch_dead_letters(self, queue: str, of: str = "undelivered") -> None:
        self._add(alarms.DEAD_LETTERS, self._metrics.waiting(queue), of=of, subject=queue)

    def _watch_function(self, function: catalogue.Function) -> None:
        name = function.name
        if function.room == "authorizer":
            errors, kind = self._metrics.crashes(name), alarms.AUTHORIZER_ERRORS
        else:
            errors, kind = self._metrics.function(name, "Errors"), alarms.FUNCTION_ERRORS
        self._add(kind, errors, of=name, subject=name, function=name)
        self._add(alarms.FUNCTION_THROTTLES, self._metrics.function(name, "Throttles"), of=name, subject=name)
        self._add(
            alarms.FUNCTION_DURATION, self._metrics.duration(name), of=name, subject=name, function=name,
            threshold=function.timeout * 1000 * self._settings.duration_percent / _PERCENT,
        )  # fmt: skip

    def _watch_verifier(self, name: str) -> None:
        for kind, metric in ((alarms.KEYS_UNAVAILABLE, "KeysUnavailable"), (alarms.DENIALS, "Denied")):
            self._add(kind, self._metrics.own(name, metric), of=name, subject=name, function=name)

    def _watch_api(self) -> None:
        metrics, settings = self._metrics, self._settings
        self._add(alarms.API_5XX, metrics.share("5XXError", least=settings.api_5xx_minimum))
        self._add(alarms.API_4XX, metrics.share("4XXError", least=settings.api_4xx_minimum))
        self._add(alarms.API_LATENCY, metrics.latency())
        if settings.quiet_minutes:
            periods = settings.quiet_minutes // _QUIET_PERIOD_MINUTES
            judgement = alarms.API_SILENCE.judgement._replace(datapoints=periods, periods=periods)
            self._add(alarms.API_SILENCE._replace(judgement=judgement), metrics.requests(), threshold=0)

    def _watch_table(self) -> None:
        table = self._names.table
        self._add(alarms.TABLE_THROTTLES, self._metrics.table_throttles(), subject=table)
        self._add(alarms.TABLE_ERRORS, self._metrics.table_errors(), subject=table)

    def _watch_mail(self) -> None:
        rates = {
            "BounceRate": (alarms.MAIL_BOUNCES, self._settings.bounce_percent),
            "ComplaintRate": (alarms.MAIL_COMPLAINTS, self._settings.complaint_percent),
        }
        for rate, (kind, percent) in rates.items():
            self._add(kind, self._metrics.reputation(rate), threshold=percent / _PERCENT)

    def _add(
        self, kind: AlarmKind, metric: Metric, *, of: str = "", subject: str = "", function: str = "",
        threshold: float | None = None,
    ) -> None:  # fmt: skip
        """Add an alarm: `of` is for its name, `subject` and the log of `function` for its description."""
        values = {
            "access_log": self._names.access_log_group,
            "log_group": self._names.log_group(function),
            "region": Aws.REGION,
            "stack": self._names.stack,
            "stage": self._stage.name,
            "subject": subject,
        }
        judgement = kind.judgement
        upwards = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        alarm = cloudwatch.Alarm(
            self,
            f"{of}-{kind.name}".lstrip("-"),
            alarm_name=self._names.alarm(kind.name, of),
            alarm_description=alarms.describe(
                kind.meaning.format_map(values), kind.name, kind.command.format_map(values)
            ),
            metric=metric.with_(period=Duration.seconds(judgement.seconds)),
            threshold=getattr(self._settings, kind.setting) if threshold is None else threshold,
            comparison_operator=(
                cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
                if kind.name in alarms.DOWNWARDS
                else upwards
            ),
            evaluation_periods=judgement.periods,
            datapoints_to_alarm=judgement.datapoints,
            treat_missing_data=cloudwatch.TreatMissingData[judgement.missing.name],
        )
        alarm.add_alarm_action(actions.SnsAction(self._notifications.every_alarm))
        self._alarms[kind.urgency].append(alarm)

    def _sum_up(self, urgency: Urgency) -> None:
        """Add the alarm that sounds while any alarm of an urgency does, and tells when the last has ended."""
        # By name, which is half as long as an ARN: a rule has a limit of 10,240 characters.
        sounding = (f'ALARM("{alarm.alarm_name}")' for alarm in self._alarms[urgency])
        command = alarms.what_sounds(prefix=self._names.stack, region=Aws.REGION)
        composite = cloudwatch.CompositeAlarm(
            self,
            urgency,
            composite_alarm_name=self._names.alarm(urgency),
            alarm_description=alarms.describe(alarms.COMPOSITES[urgency], urgency, command),
            alarm_rule=cloudwatch.AlarmRule.from_string(" OR ".join(sounding)),
        )
        action = actions.SnsAction(self._notifications.of[urgency])
        composite.add_alarm_action(action)
        composite.add_ok_action(action)
