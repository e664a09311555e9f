"""The stack: composes the constructs, nothing else."""

from pathlib import Path

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from functions.edit.settings import EditSettings
from functions.ingest.settings import ContactSettings
from functions.query.settings import QuerySettings
from functions.users.settings import DirectorySettings, ProfileSettings, SignInSettings
from functions.workers.settings import NotifyContactSettings, StoreContactSettings
from infra import catalogue
from infra.constructs.analytics import Analytics
from infra.constructs.api import Api
from infra.constructs.bus import Bus
from infra.constructs.dashboards.dashboards import Dashboards
from infra.constructs.function import Function, Grant, Surroundings
from infra.constructs.identity import Identity
from infra.constructs.layers import Layers
from infra.constructs.mail import Mail
from infra.constructs.monitoring import Monitoring
from infra.constructs.pixel import Pixel
from infra.constructs.projects import Projects
from infra.constructs.queries import Queries
from infra.constructs.table import Table
from infra.constructs.tiers import Tiers
from infra.constructs.user_pool import UserPool
from infra.constructs.worker import Worker
from infra.metrics import PIXEL
from infra.names import Names
from infra.stage import Stage
from shared.table import keys


class SitewireStack(Stack):
    """One stage of Sitewire.

    Parameters
    ----------
    stage
        What a person decided of it.
    assets
        Folder with the built packages of layers and functions.
    """

    def __init__(self, scope: Construct, *, stage: Stage, assets: Path) -> None:
        names = Names(stage.name)
        super().__init__(scope, names.stack, description=f"Sitewire, stage {stage.name}")
        self._stage = stage
        self._surroundings = Surroundings(stage, assets, Layers(self, "Layers", assets=assets, prefix=names.stack))
        self._table = Table(self, "Table", name=names.table, keep_data=stage.keep_data)
        self._bus = Bus(self, "Bus", name=names.bus, undelivered_queue_name=names.undelivered_queue)
        self._users = UserPool(self, "Users", stage=stage)
        identity = Identity(self, "Identity", users=self._users, surroundings=self._surroundings)
        self._contact_workers()
        projects = Projects(
            self,
            "Projects",
            table=self._table,
            bus=self._bus,
            issuers=identity.issuers,
            surroundings=self._surroundings,
        )
        analytics = Analytics(self, "Analytics", table=self._table, surroundings=self._surroundings)
        pixel = Pixel(
            self, "Pixel", queue=analytics.queue, country_header=self._stage.analytics.country_header
        )  # fmt: skip
        functions = (
            *self._api_functions(),
            *self._user_functions(),
            *projects.functions,
            *analytics.functions,
        )
        api = Api(
            self,
            "Api",
            stage=stage,
            functions={function.entry.name: function.alias for function in functions},
            authorizer=identity.authorizer,
            answers={f"GET {PIXEL}": pixel.answer},
        )
        Tiers(self, "Tiers", stage=stage, api=api.api)
        Monitoring(self, "Monitoring", stage=stage)
        Dashboards(self, "Dashboards", names=names)
        Queries(self, "Queries", names=names)
        CfnOutput(self, "ApiUrl", value=api.api.url)
        CfnOutput(self, "TableName", value=self._table.name)
        CfnOutput(self, "UserPoolId", value=self._users.id)
        CfnOutput(self, "UserPoolClientId", value=self._users.client_id)

    def _contact_workers(self) -> None:
        mail = Mail(self, "Mail", stage=self._stage)
        table = self._table
        Worker(
            self,
            "store_contact",
            event_names=("ContactSubmitted",),
            bus=self._bus,
            settings=StoreContactSettings(table_name=table.name),
            grants=(Grant(("dynamodb:PutItem",), (table.arn,)),),
            surroundings=self._surroundings,
        )
        Worker(
            self,
            "notify_contact",
            event_names=("ContactSubmitted",),
            bus=self._bus,
            settings=NotifyContactSettings(
                table_name=table.name,
                parameter_name=mail.parameter_name,
                lease_seconds=catalogue.function("notify_contact").timeout,
            ),
            grants=(Grant(("dynamodb:PutItem", "dynamodb:UpdateItem"), (table.arn,)), *mail.grants),
            surroundings=self._surroundings,
        )

    def _api_functions(self) -> list[Function]:
        origins, table = self._stage.allowed_origins, self._table
        query = QuerySettings(allowed_origins=origins, table_name=table.name)
        return [
            Function(
                self,
                "ingest_contact",
                settings=ContactSettings(allowed_origins=origins, event_bus_name=self._bus.name),
                grants=(Grant(("events:PutEvents",), (self._bus.arn,)),),
                surroundings=self._surroundings,
            ),
            Function(
                self,
                "query_contact",
                settings=query,
                grants=(Grant(("dynamodb:Query",), (table.arn, table.index_arn(keys.INDEX))),),
                surroundings=self._surroundings,
            ),
            Function(
                self,
                "query_operations",
                settings=query,
                grants=(Grant(("dynamodb:GetItem", "dynamodb:Query"), (table.arn,)),),
                surroundings=self._surroundings,
            ),
            Function(
                self,
                "edit_contact",
                settings=EditSettings(allowed_origins=origins, table_name=table.name),
                grants=(Grant(("dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:UpdateItem"), (table.arn,)),),
                surroundings=self._surroundings,
            ),
        ]

    def _user_functions(self) -> list[Function]:
        origins, table, users = self._stage.allowed_origins, self._table, self._users
        return [
            Function(
                self,
                "users_directory",
                settings=DirectorySettings(allowed_origins=origins, table_name=table.name, user_pool_id=users.id),
                grants=(
                    Grant(
                        (
                            "cognito-idp:AdminAddUserToGroup",
                            "cognito-idp:AdminCreateUser",
                            "cognito-idp:AdminDeleteUser",
                            "cognito-idp:AdminDisableUser",
                            "cognito-idp:AdminEnableUser",
                            "cognito-idp:AdminGetUser",
                            "cognito-idp:AdminListGroupsForUser",
                            "cognito-idp:AdminRemoveUserFromGroup",
                            "cognito-idp:AdminUpdateUserAttributes",
                            "cognito-idp:AdminUserGlobalSignOut",
                            "cognito-idp:ListUsers",
                            "cognito-idp:ListUsersInGroup",
                        ),
                        (users.arn,),
                    ),
                    Grant(("dynamodb:DeleteItem", "dynamodb:PutItem"), (table.arn,)),
                ),
                surroundings=self._surroundings,
            ),
            Function(
                self,
                "users_me",
                settings=ProfileSettings(allowed_origins=origins, user_pool_id=users.id),
                grants=(Grant(("cognito-idp:AdminGetUser", "cognito-idp:AdminUpdateUserAttributes"), (users.arn,)),),
                surroundings=self._surroundings,
            ),
            Function(
                self,
                "users_auth",
                settings=SignInSettings(
                    allowed_origins=origins, table_name=table.name, user_pool_client_id=users.client_id
                ),
                grants=(Grant(("dynamodb:DeleteItem", "dynamodb:UpdateItem"), (table.arn,)),),
                surroundings=self._surroundings,
            ),
        ]
