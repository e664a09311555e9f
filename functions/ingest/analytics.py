"""POST /api/analytics: validate page views and events, send them to the queue of who counts them, answer 202.

The visitor's address is read here, compared with those that are excluded, hashed with the day's salt, and goes no
further.
"""

import os
import time
from typing import Any

from functions.ingest.settings import AnalyticsSettings
from shared.analytics.exclusion import Networks
from shared.analytics.packing import Packed, Packer
from shared.analytics.parts import cut_of, divide, part_id
from shared.analytics.salts import SaltError, Salts
from shared.analytics.sites import Site, parse_sites
from shared.analytics.times import Calendar
from shared.analytics.visitors import (
    LONGEST_USER_AGENT,
    address_of,
    country_of,
    language_of,
    screen_class,
    visitor_id,
)
from shared.aws.client import JsonClient
from shared.aws.errors import AwsError
from shared.clock import timestamp
from shared.http.endpoint import Endpoint
from shared.http.idempotency import message_id
from shared.http.request import Request
from shared.http.response import Response
from shared.problems import ForeignOriginError, UnavailableError, UnsupportedMediaTypeError
from shared.publishing import Message, PublishError, Queue
from shared.validation import Validator

BODY_LIMIT = 1024 * 1024
"""Bytes of a body: a hundred events with every field as long as it may be, in ASCII."""

# A beacon sends text/plain, for which browsers ask no permission beforehand.
_MEDIA_TYPES = frozenset({"", "application/json", "text/plain"})

_VERSION = len("019aa2f4-7c7e-")
"""Where a UUID tells its version."""

_EXCLUDED: dict[str, Any] = {"user_agent": "", "country": "", "screen": "", "language": "", "excluded": True}
"""What a message tells of who is not to be counted."""

settings = AnalyticsSettings.from_environment(os.environ)
sites = parse_sites(settings.sites)
packer = Packer(sites, settings.query_parameters)
calendars = {site.name: Calendar(site.time_zone) for site in sites}
country_header = settings.country_header.lower()
address_header = settings.address_header.lower()
excluded = Networks(settings.excluded_addresses)
validator = Validator("AnalyticsRequest")
queue = Queue(JsonClient(service="sqs", target="AmazonSQS", protocol="1.0"), settings.queue_url)
salts = Salts(JsonClient(service="ssm", target="AmazonSSM"), settings.salts)


def collect(request: Request) -> Response:
    """Accept page views and events of one visitor."""
    site = _sender(request)
    if request.content_type not in _MEDIA_TYPES:
        raise UnsupportedMediaTypeError("Send application/json or text/plain.")
    body = validator.from_json(request.body)
    arrival = time.time_ns() // 1_000_000
    packed = packer.pack(body["events"], site=site, arrival=arrival)
    told = _told_of_visitor(request, body["events"])
    if excluded and excluded.hold(address_of(request, address_header)):
        packed, told = Packed(packed.site, []), _EXCLUDED
    parts = divide(packed.events, calendars[packed.site.name], arrival)
    batch = body.get("id") or message_id(request)
    try:
        documents = [
            {
                "batch": batch,
                "parts": len(parts),
                "site": packed.site.name,
                "day": part.day,
                "visitor": _visitor(request, packed.site, part.day) if part.events else "",
                **told,
                "events": part.events,
            }
            for part in parts
        ]
        first, *others = _messages(request, documents, arrival)
        # The first part says that this cut counts, so all others are in the queue before it.
        for messages in (others, [first]):
            queue.send(messages, trace_header=os.environ.get("_X_AMZN_TRACE_ID"))
    except (AwsError, PublishError, SaltError) as error:
        raise _unavailable(batch) from error
    status_url = request.url_of(f"/api/operations/{batch}")
    headers = {"Location": status_url, "Retry-After": "1"}
    return Response(202, {"id": batch, "status_url": status_url}, headers, counts={"Parts": len(parts)})


def _sender(request: Request) -> Site | None:
    """Return the site whose page sends a request; None where no browser says so."""
    if "origin" not in request.headers:
        return None
    site = sites.of_origin(request.origin)
    if site is None:
        raise ForeignOriginError("Only pages of this stage's sites may send page views and events.")
    return site


def _told_of_visitor(request: Request, events: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a request tells of its visitor, beside the address."""
    screen = next((event["screen"] for event in events if "screen" in event), None)
    language = next((event["language"] for event in events if "language" in event), None)
    return {
        "user_agent": request.headers.get("user-agent", "")[:LONGEST_USER_AGENT],
        "country": country_of(request, country_header),
        "screen": screen_class(screen) if screen else "",
        "language": language_of(language) if language else "",
    }


def _visitor(request: Request, site: Site, day: str) -> str:
    return visitor_id(
        salts.of(day),
        site=site.name,
        address=address_of(request, address_header),
        user_agent=request.headers.get("user-agent", ""),
    )


def _messages(request: Request, documents: list[dict[str, Any]], arrival: int) -> list[Message]:
    """Return the messages of a batch: the first has its id, the others each one that follows from it and the cut."""
    cut = cut_of(documents)
    return [
        Message(
            id=part_id(document["batch"], cut, place),
            source="sitewire.analytics",
            name="RecordAnalytics",
            occurred_at=timestamp(arrival / 1000),
            correlation_id=request.correlation_id,
            data=document | {"cut": cut} if cut else document,
        )
        for place, document in enumerate(documents)
    ]


def _unavailable(batch: str) -> UnavailableError:
    detail = "The events could not be handed over. Send them again, with the same id or key: none counts twice."
    # One that follows from an Idempotency-Key is no UUIDv7, and not the caller's to name.
    members = {"id": batch} if batch[_VERSION] == "7" else {}
    return UnavailableError(detail, headers={"Retry-After": "5"}, members=members)


handler = Endpoint("ingest_analytics", collect, allowed_origins=settings.allowed_origins, body_limit=BODY_LIMIT)
