"""The job of `functions.ingest.contact`."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field

from schemas.text import EmailAddress, LanguageTag, PhoneNumber, WebUrl, line, text

from .bus import publish
from .parts import app, handler, tracer

__all__ = ["handler"]


class ContactForm(BaseModel):
    """The fields of `schemas.requests.ContactRequest`, as a model."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, line(min_length=1, max_length=200)]
    email: EmailAddress
    message: Annotated[str, text(min_length=1, max_length=10_000)]
    subject: Annotated[str, line(max_length=200)] | None = None
    phone: PhoneNumber | None = None
    page_url: WebUrl | None = None
    locale: LanguageTag | None = None
    consent: bool | None = None
    fields: Annotated[dict[str, str], Field(max_length=20)] | None = None
    website: str | None = None
    elapsed_ms: int | None = None


@app.post("/api/contact")
@tracer.capture_method
def submit(form: ContactForm) -> Response[dict[str, Any]]:
    """Publish the form and answer 202."""
    message_id = publish("sitewire.contact", "ContactSubmitted", form.model_dump(exclude_none=True))
    return Response(202, "application/json", {"id": message_id}, headers={"Retry-After": "1"})
