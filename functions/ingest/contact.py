"""POST /api/contact: validate a contact form, publish ContactSubmitted, answer 202."""

import os
from typing import Any
from urllib.parse import urlsplit

from functions.ingest.settings import ContactSettings
from shared.aws.client import JsonClient
from shared.aws.errors import AwsError
from shared.clock import timestamp
from shared.http import forms
from shared.http.endpoint import Endpoint
from shared.http.idempotency import message_id
from shared.http.request import Request
from shared.http.response import Response
from shared.problems import (
    FieldError,
    InvalidRequestError,
    UnavailableError,
    UnsupportedMediaTypeError,
)
from shared.publishing import EventBus, Message, PublishError
from shared.spam import judge
from shared.validation import Validator

settings = ContactSettings.from_environment(os.environ)
validator = Validator("ContactRequest")
bus = EventBus(JsonClient(service="events", target="AWSEvents"), settings.event_bus_name)


def submit(request: Request) -> Response:
    """Accept a contact form, as JSON or as a plain HTML form."""
    submission, redirect = _read(request)
    accepted = message_id(request)
    _publish(accepted, request, submission)
    status_url = request.url_of(f"/api/operations/{accepted}")
    if redirect:
        return Response(303, headers={"Location": redirect})
    document = {"id": accepted, "status_url": status_url}
    return Response(202, document, {"Location": status_url, "Retry-After": "1"})


def _read(request: Request) -> tuple[dict[str, Any], str | None]:
    """Return the validated submission and where a form's sender wants to go afterwards."""
    if request.content_type in {"", "application/json"}:
        return validator.from_json(request.body), None
    if request.content_type != forms.MEDIA_TYPE:
        raise UnsupportedMediaTypeError(f"Send application/json or {forms.MEDIA_TYPE}.")
    form = forms.parse_form(request.body)
    redirect = form.pop("redirect", None)
    if redirect is not None and not _is_allowed(redirect):
        error = FieldError("/redirect", "Must be a URL of an allowed origin.")
        raise InvalidRequestError("The form's redirect leads elsewhere.", errors=(error,))
    return validator.from_form(form), redirect


def _is_allowed(url: str) -> bool:
    if not (url.isascii() and url.isprintable()) or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return f"{parts.scheme}://{parts.netloc}" in handler.allowed_origins


def _publish(accepted: str, request: Request, submission: dict[str, Any]) -> None:
    message = Message(
        id=accepted,
        source="sitewire.contact",
        name="ContactSubmitted",
        occurred_at=timestamp(),
        correlation_id=request.correlation_id,
        data={"submission": submission, "spam": judge(submission)._asdict()},
    )
    try:
        bus.publish([message], trace_header=os.environ.get("_X_AMZN_TRACE_ID"))
    except (AwsError, PublishError) as error:
        detail = "The message could not be handed over; it was not accepted. Send it again in a few seconds."
        raise UnavailableError(detail, headers={"Retry-After": "5"}) from error


handler = Endpoint("ingest_contact", submit, allowed_origins=settings.allowed_origins)
