"""What an operator may change in Parameter Store while a stage runs."""

from pydantic import BaseModel, ConfigDict, Field

from schemas.text import EmailAddress


class MailPreferences(BaseModel):
    """Who sends and receives the mails about contact forms; stored as JSON in one parameter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: EmailAddress
    recipients: tuple[EmailAddress, ...] = Field(min_length=1, max_length=50)
    site_name: str
    autoresponse: bool
