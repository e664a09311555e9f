"""The dashboards of a stage."""

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.constructs.dashboards import business, cost, pipeline, service
from infra.metrics import Metrics
from infra.names import Names


class Dashboards(Construct):
    """Four dashboards: service, pipeline, business, cost.

    Parameters
    ----------
    names
        The names of the stage's resources.
    """

    def __init__(self, scope: Construct, id_: str, *, names: Names) -> None:
        super().__init__(scope, id_)
        metrics = Metrics(names)
        subjects = {
            "service": service.rows(metrics),
            "pipeline": pipeline.rows(metrics, names),
            "business": business.rows(metrics),
            "cost": cost.rows(metrics),
        }
        for subject, rows in subjects.items():
            cloudwatch.Dashboard(
                self, subject, dashboard_name=names.dashboard(subject), widgets=[list(row) for row in rows]
            )
