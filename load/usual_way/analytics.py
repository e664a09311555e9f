"""The job of `functions.ingest.analytics`."""

import base64
import datetime
import hashlib
import hmac
import json
import os
import uuid
from functools import cache
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import boto3
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import BadRequestError
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from schemas.analytics_messages import MOST_EVENTS
from schemas.identities import UUID7
from schemas.text import EVENT_NAME, SCREEN_SIZE, LanguageTag, WebUrl, line

from .parts import app, handler, logger, metrics, tracer

__all__ = ["handler"]

_STRICT_SHAPE = ConfigDict(extra="forbid", str_strip_whitespace=True)
_UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_Name = Annotated[str, Field(min_length=1, max_length=64, pattern=EVENT_NAME)]
_Property = Annotated[str, line(max_length=200)] | bool | int | float

sqs = boto3.client("sqs")
ssm = boto3.client("ssm")
sites = json.loads(os.environ["SITES"])
kept = set(os.environ["QUERY_PARAMETERS"].split(","))


class Event(BaseModel):
    """The fields of `schemas.analytics.AnalyticsEvent`, as a model."""

    model_config = _STRICT_SHAPE

    type: Literal["pageview", "event"]
    url: WebUrl
    referrer: Annotated[str, line(max_length=2048)] | None = None
    title: Annotated[str, line(max_length=300)] | None = None
    name: _Name | None = None
    props: Annotated[dict[_Name, _Property], Field(max_length=20)] | None = None
    screen: Annotated[str, Field(pattern=SCREEN_SIZE)] | None = None
    language: LanguageTag | None = None
    occurred_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        if (self.type == "event") != (self.name is not None):
            message = "an event has a name, a page view has none"
            raise ValueError(message)
        return self


class Batch(BaseModel):
    """The fields of `schemas.analytics.AnalyticsRequest`, as a model."""

    model_config = _STRICT_SHAPE

    id: Annotated[str, Field(pattern=UUID7)] | None = None
    events: Annotated[list[Event], Field(min_length=1, max_length=MOST_EVENTS)]


@app.post("/api/analytics")
@tracer.capture_method
def collect(batch: Batch) -> Response[dict[str, Any]]:
    """Send the events to the queue and answer 202."""
    request = app.current_event
    site = next((site for site in sites if request.headers.get("Origin") in site["origins"]), None)
    if site is None:
        message = "the origin belongs to no site"
        raise BadRequestError(message)
    now = datetime.datetime.now(ZoneInfo(site["time_zone"]))
    day = now.date().isoformat()
    user_agent = request.headers.get("User-Agent", "")
    who = f"{site['name']}|{request.request_context.identity.source_ip}|{user_agent}"
    digest = hmac.new(salt(day), who.encode(), hashlib.sha256).digest()
    batch_id = batch.id or str(uuid.uuid4())
    record = {
        "id": batch_id,
        "name": "RecordAnalytics",
        "data": {
            "site": site["name"],
            "day": day,
            "visitor": base64.urlsafe_b64encode(digest[:12]).decode(),
            "user_agent": user_agent[:512],
            "country": request.headers.get("CloudFront-Viewer-Country", ""),
            "events": [pack(event, site, now) for event in batch.events],
        },
    }
    answer = sqs.send_message_batch(
        QueueUrl=os.environ["QUEUE_URL"], Entries=[{"Id": "0", "MessageBody": json.dumps(record)}]
    )
    if answer.get("Failed"):
        failure = "the queue refused the message"
        raise RuntimeError(failure)
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=1)
    logger.info("request answered", extra={"message_id": batch_id})
    return Response(202, "application/json", {"id": batch_id}, headers={"Retry-After": "1"})


@cache
def salt(day: str) -> bytes:
    """Return a day's salt."""
    answer = ssm.get_parameter(Name=f"{os.environ['SALTS']}{day}", WithDecryption=True)
    return base64.b64decode(answer["Parameter"]["Value"])


def pack(event: Event, site: dict[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """Return an event as it travels."""
    parts = urlsplit(event.url)
    if f"{parts.scheme}://{parts.netloc}" not in site["origins"]:
        message = "the page belongs to another site"
        raise BadRequestError(message)
    query = parse_qs(parts.query)
    came_from = urlsplit(event.referrer or "")
    return {
        "at": (event.occurred_at or now).isoformat(),
        "page": parts.path.rstrip("/") or "/",
        "query": sorted((name, values[0]) for name, values in query.items() if name in kept),
        "referrer": f"{came_from.netloc.removeprefix('www.')}{came_from.path.rstrip('/')}",
        "source": [query.get(name, [""])[0][:100] for name in _UTM],
        "title": event.title,
        "name": event.name,
        "props": {name: str(value) for name, value in (event.props or {}).items()},
    }
