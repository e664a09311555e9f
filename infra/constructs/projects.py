"""Projects: commands to them, their lists, their history, and what happens to them by itself."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from functions.ingest.settings import ProjectsSettings as IngestSettings
from functions.query.settings import PreviewSettings, QuerySettings
from functions.query.settings import ProjectsSettings as ListSettings
from functions.schedule.settings import ReleaseProjectsSettings
from functions.workers.settings import ApplyProjectSettings
from infra.constructs.acknowledged import acknowledge
from infra.constructs.bus import Bus
from infra.constructs.function import Function, Grant, Surroundings
from infra.constructs.schedule import Clock
from infra.constructs.table import Table
from infra.constructs.worker import Worker
from infra.names import Names
from schemas.project_events import PROJECT_COMMANDS
from shared.table import keys


class Projects(Construct):
    """The capability, and `functions`, which answer its routes.

    Parameters
    ----------
    table, bus
        Where projects are kept and commands travel.
    issuers
        Whose tokens show more than what is published, as the setting lists them.
    surroundings
        What every function shares.
    """

    def __init__(
        self, scope: Construct, id_: str, *, table: Table, bus: Bus, issuers: str, surroundings: Surroundings
    ) -> None:
        super().__init__(scope, id_)
        self._table, self._bus = table, bus
        self._surroundings = surroundings
        self._names = Names(surroundings.stage.name)
        self._key = self._preview_key()
        self._apply()
        self._release()
        self.functions = (self._ingest(), self._lists(issuers), self._versions(), self._previews())

    def _preview_key(self) -> secretsmanager.Secret:
        key = secretsmanager.Secret(
            self,
            "PreviewKey",
            secret_name=self._names.preview_key,
            description="Signs the preview links of projects; a new value ends all of them",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(key, {"AwsSolutions-SMG4": "a new key ends every link of before, so a person decides when"})
        return key

    def _apply(self) -> None:
        table = self._table
        Worker(
            self,
            "apply_project",
            event_names=tuple(PROJECT_COMMANDS),
            bus=self._bus,
            settings=ApplyProjectSettings(table_name=table.name, event_bus_name=self._bus.name),
            grants=(
                Grant(
                    ("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
                    (table.arn,),
                ),
                Grant(("events:PutEvents",), (self._bus.arn,)),
            ),
            surroundings=self._surroundings,
        )

    def _release(self) -> None:
        function = Function(
            self,
            "release_projects",
            settings=ReleaseProjectsSettings(table_name=self._table.name, event_bus_name=self._bus.name),
            grants=(
                Grant(("dynamodb:Query",), (self._table.index_arn(keys.INDEX),)),
                Grant(("events:PutEvents",), (self._bus.arn,)),
            ),
            surroundings=self._surroundings,
        )
        Clock(
            self,
            "ReleaseSchedule",
            name=self._names.release_schedule,
            every=Duration.minutes(1),
            function=function,
        )

    def _ingest(self) -> Function:
        stage = self._surroundings.stage
        return Function(
            self,
            "ingest_projects",
            settings=IngestSettings(
                allowed_origins=stage.allowed_origins,
                event_bus_name=self._bus.name,
                table_name=self._table.name,
                default_locale=stage.default_locale,
            ),
            grants=(
                Grant(("events:PutEvents",), (self._bus.arn,)),
                Grant(("dynamodb:GetItem",), (self._table.arn,)),
            ),
            surroundings=self._surroundings,
        )

    def _lists(self, issuers: str) -> Function:
        stage, table = self._surroundings.stage, self._table
        return Function(
            self,
            "query_projects",
            settings=ListSettings(
                allowed_origins=stage.allowed_origins,
                table_name=table.name,
                issuers=issuers,
                preview_key_arn=self._key.secret_arn,
                default_locale=stage.default_locale,
            ),
            grants=(
                Grant(("dynamodb:GetItem",), (table.arn,)),
                Grant(("dynamodb:Query",), tuple(map(table.index_arn, keys.INDEXES))),
                self._read_key(),
            ),
            surroundings=self._surroundings,
        )

    def _versions(self) -> Function:
        return Function(
            self,
            "query_project_versions",
            settings=QuerySettings(
                allowed_origins=self._surroundings.stage.allowed_origins, table_name=self._table.name
            ),
            grants=(Grant(("dynamodb:GetItem", "dynamodb:Query"), (self._table.arn,)),),
            surroundings=self._surroundings,
        )

    def _previews(self) -> Function:
        return Function(
            self,
            "query_project_previews",
            settings=PreviewSettings(
                allowed_origins=self._surroundings.stage.allowed_origins,
                table_name=self._table.name,
                preview_key_arn=self._key.secret_arn,
            ),
            grants=(Grant(("dynamodb:GetItem",), (self._table.arn,)), self._read_key()),
            surroundings=self._surroundings,
        )

    def _read_key(self) -> Grant:
        return Grant(("secretsmanager:GetSecretValue",), (self._key.secret_arn,))
