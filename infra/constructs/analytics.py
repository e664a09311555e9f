"""Analytics: visits are accepted, counted, reported on, and their salts forgotten."""

from aws_cdk import Duration, Stack
from constructs import Construct

from functions.ingest.settings import AnalyticsSettings as IngestSettings
from functions.query.settings import AnalyticsSettings as ReportSettings
from functions.schedule.settings import RemoveSaltsSettings
from functions.workers.settings import AggregateAnalyticsSettings
from infra.constructs.acknowledged import acknowledge
from infra.constructs.function import Function, Grant, Surroundings
from infra.constructs.schedule import Clock
from infra.constructs.table import Table
from infra.constructs.worker import Batches, QueueWorker
from infra.names import Names
from shared.analytics.sites import format_sites

_BATCHES = Batches(size=1000, window=2, concurrency=2)
"""The more is counted in one go, the fewer writes it costs, so a batch is waited for, as long as a report may lag.
Two at a time, the fewest that SQS allows: those that run side by side write to the same items."""


class Analytics(Construct):
    """The capability, `functions`, which answer its routes, and the worker's `queue`.

    Parameters
    ----------
    table
        Where is counted.
    surroundings
        What every function shares.
    """

    def __init__(self, scope: Construct, id_: str, *, table: Table, surroundings: Surroundings) -> None:
        super().__init__(scope, id_)
        self._table = table
        self._surroundings = surroundings
        self._names = Names(surroundings.stage.name)
        self._sites = format_sites(surroundings.stage.sites)
        self.queue = self._aggregate().queue
        self._remove_salts()
        self.functions = (self._ingest(), self._report())

    def _aggregate(self) -> QueueWorker:
        return QueueWorker(
            self,
            "aggregate_analytics",
            settings=AggregateAnalyticsSettings(
                table_name=self._table.name,
                sites=self._sites,
                query_parameters=self._surroundings.stage.analytics.query_parameters,
            ),
            grants=(Grant(("dynamodb:BatchGetItem", "dynamodb:UpdateItem"), (self._table.arn,)),),
            surroundings=self._surroundings,
            batches=_BATCHES,
        )

    def _ingest(self) -> Function:
        stage = self._surroundings.stage
        return self._with_salts(
            "ingest_analytics",
            settings=IngestSettings(
                allowed_origins=stage.allowed_origins,
                sites=self._sites,
                queue_url=self.queue.queue_url,
                salts=self._names.salts,
                query_parameters=stage.analytics.query_parameters,
                country_header=stage.analytics.country_header,
                address_header=stage.analytics.address_header,
                excluded_addresses=stage.analytics.excluded_addresses,
            ),
            actions=("ssm:GetParameter", "ssm:PutParameter"),
            grants=(Grant(("sqs:SendMessage",), (self.queue.queue_arn,)),),
        )

    def _remove_salts(self) -> None:
        function = self._with_salts(
            "remove_salts",
            settings=RemoveSaltsSettings(salts=self._names.salts, sites=self._sites),
            actions=("ssm:DeleteParameter",),
        )
        Clock(
            self, "SaltsSchedule", name=self._names.salts_schedule, every=Duration.hours(1), function=function
        )  # fmt: skip

    def _report(self) -> Function:
        return Function(
            self,
            "query_analytics",
            settings=ReportSettings(
                allowed_origins=self._surroundings.stage.allowed_origins,
                table_name=self._table.name,
                sites=self._sites,
            ),
            grants=(Grant(("dynamodb:GetItem", "dynamodb:Query"), (self._table.arn,)),),
            surroundings=self._surroundings,
        )

    def _with_salts(
        self,
        name: str,
        *,
        settings: IngestSettings | RemoveSaltsSettings,
        actions: tuple[str, ...],
        grants: tuple[Grant, ...] = (),
    ) -> Function:
        """Return a function that may do something with the salts, of which each day has one by its date."""
        salts = Stack.of(self).format_arn(
            service="ssm", resource="parameter", resource_name=f"{self._names.salts.lstrip('/')}*"
        )
        function = Function(
            self,
            name,
            settings=settings,
            grants=(*grants, Grant(actions, (salts,))),
            surroundings=self._surroundings,
        )
        reason = "a day's salt is made and deleted while the stack runs; the star stands for its date"
        acknowledge(
            function,
            {
                f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter"
                f"{self._names.salts}*]": reason
            },
        )
        return function
