"""The one table."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from shared.table import keys


class Table(Construct):
    """Single table: on demand, encrypted, restorable to any second of the last 35 days.

    Its indexes serve every list that is ordered by something else than a partition's own key. They have one partition
    key, and a list that can be read in several orders is in several of them.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, keep_data: bool) -> None:
        super().__init__(scope, id_)
        self.table = dynamodb.Table(
            self,
            "Table",
            table_name=name,
            partition_key=_string("PK"),
            sort_key=_string("SK"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=keep_data,
            removal_policy=RemovalPolicy.RETAIN if keep_data else RemovalPolicy.DESTROY,
            time_to_live_attribute=keys.TTL_ATTRIBUTE,
        )
        for index, sort_key in keys.INDEXES.items():
            self.table.add_global_secondary_index(
                index_name=index, partition_key=_string("GSI1PK"), sort_key=_string(sort_key)
            )
        self.name = self.table.table_name
        self.arn = self.table.table_arn

    def index_arn(self, index: str) -> str:
        """Return the ARN of one index."""
        return f"{self.arn}/index/{index}"


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
