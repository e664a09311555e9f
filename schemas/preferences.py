"""What an operator may change in Parameter Store while a stage runs."""

from pydantic import BaseModel, ConfigDict, Field

from schemas.text import EmailAddress


class MailPreferences(BaseModel):
    """Who sends and receives the mails about contact forms; stored as JSON in one parameter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: EmailAddress = Field(description="Address that mails come from; SES must have verified it or its domain.")
    recipients: tuple[EmailAddress, ...] = Field(
        min_length=1, max_length=50, description="Addresses that are told of a submission."
    )
    site_name: str = Field(description="The site's name in subjects and mails.")
    autoresponse: bool = Field(description="Whether a submission is confirmed to its sender.")
