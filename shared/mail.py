"""Send mail through SES."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client


class Mail(NamedTuple):
    """A mail in both of its forms."""

    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    reply_to: str | None = None


class Mailer:
    """Sender of mail.

    Parameters
    ----------
    client
        SES client.
    sender
        The From address; its domain or itself must be a verified identity.
    """

    def __init__(self, client: "SESV2Client", sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, mail: Mail) -> str:
        """Send a mail and return the message id that SES gave it.

        Raises
        ------
        botocore.exceptions.ClientError
            When SES refuses it.
        """
        answer = self._client.send_email(
            FromEmailAddress=self._sender,
            Destination={"ToAddresses": list(mail.recipients)},
            ReplyToAddresses=[mail.reply_to] if mail.reply_to else [],
            Content={
                "Simple": {
                    "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": mail.text, "Charset": "UTF-8"},
                        "Html": {"Data": mail.html, "Charset": "UTF-8"},
                    },
                }
            },
        )
        return answer["MessageId"]
