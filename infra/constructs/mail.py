"""What mails need: the verified sender, and what an operator may change while the stack runs."""

from aws_cdk import Stack
from aws_cdk import aws_ses as ses
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.constructs.function import Grant
from infra.names import Names
from infra.stage import Stage
from schemas.preferences import MailPreferences


class Mail(Construct):
    """SES identity of the sender, and the contact form's preferences."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage) -> None:
        super().__init__(scope, id_)
        self.parameter_name = Names(stage.name).contact_parameter
        self._sender = stage.contact.sender
        ses.EmailIdentity(self, "Sender", identity=ses.Identity.email(self._sender))
        preferences = MailPreferences(
            sender=self._sender,
            recipients=stage.contact.recipients,
            site_name=stage.site_name,
            autoresponse=stage.contact.autoresponse,
        )
        ssm.StringParameter(
            self,
            "Preferences",
            parameter_name=self.parameter_name,
            string_value=preferences.model_dump_json(),
        )

    @property
    def grants(self) -> tuple[Grant, ...]:
        """Return what a function that sends mail needs: its preferences, and the sender's identity."""
        identity = self._arn("ses", "identity", self._sender)
        parameter = self._arn("ssm", "parameter", self.parameter_name.lstrip("/"))
        return (Grant(("ssm:GetParameter",), (parameter,)), Grant(("ses:SendEmail",), (identity,)))

    def _arn(self, service: str, resource: str, name: str) -> str:
        return Stack.of(self).format_arn(service=service, resource=resource, resource_name=name)
