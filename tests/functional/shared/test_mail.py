import boto3
import pytest
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from shared.mail import Mail, Mailer

SENDER = "website@example.org"
MAIL = Mail(("owner@example.org", "desk@example.org"), "Grüße", "text", "<p>html</p>", reply_to="ada@example.org")


@pytest.fixture
def verified() -> None:
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)


@pytest.mark.usefixtures("verified")
def test_a_mail_is_sent_as_it_was_written() -> None:
    message_id = Mailer(boto3.client("sesv2"), SENDER).send(MAIL)

    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    assert sent.id == message_id
    assert (sent.source, sent.subject) == (SENDER, "Grüße")
    assert sent.destinations["ToAddresses"] == ["owner@example.org", "desk@example.org"]


@pytest.mark.usefixtures("verified")
def test_a_mail_has_both_forms_and_the_address_to_answer_to() -> None:
    given = []
    client = boto3.client("sesv2")
    client.meta.events.register("provide-client-params.sesv2.SendEmail", lambda params, **_: given.append(params))

    Mailer(client, SENDER).send(MAIL)

    assert given[0]["ReplyToAddresses"] == ["ada@example.org"]
    assert given[0]["Content"]["Simple"]["Body"] == {
        "Text": {"Data": "text", "Charset": "UTF-8"},
        "Html": {"Data": "<p>html</p>", "Charset": "UTF-8"},
    }


@pytest.mark.usefixtures("verified")
def test_a_mail_need_not_have_another_address_to_answer_to() -> None:
    assert Mailer(boto3.client("sesv2"), SENDER).send(MAIL._replace(reply_to=None))


def test_a_sender_that_nobody_verified_is_refused() -> None:
    with pytest.raises(ClientError, match="MessageRejected"):
        Mailer(boto3.client("sesv2"), SENDER).send(MAIL)
