"""The saved queries, in a folder of the stage's name."""

from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.names import Names
from infra.queries import ACCESS, QUERIES


class Queries(Construct):
    """Every query of `infra.queries`.

    Parameters
    ----------
    names
        The names of the stage's resources.
    """

    def __init__(self, scope: Construct, id_: str, *, names: Names) -> None:
        super().__init__(scope, id_)
        for query in QUERIES:
            logs.CfnQueryDefinition(
                self,
                query.name,
                name=names.query(query.name),
                query_string=query.text,
                log_group_names=[
                    names.access_log_group if log == ACCESS else names.log_group(log) for log in query.logs
                ],
            )
