"""Findings of cdk-nag that are meant to be so, each with its argument."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, reasons: dict[str, str]) -> None:
    """Acknowledge findings on a construct and what is below it.

    Parameters
    ----------
    construct
        What the findings are about.
    reasons
        The argument by rule, such as `AwsSolutions-SMG4`.
    """
    Validations.of(construct).acknowledge(*(Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()))
