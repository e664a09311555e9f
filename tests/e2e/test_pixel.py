"""The pixel: what a browser without JavaScript is answered, and what the worker's queue is given."""

import base64
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from infra.constructs.pixel import GIF
from local.emulator_process import ACCOUNT, API_ID
from tests.e2e.conftest import Site, eventually
from tests.e2e.workers import depth, receive

PATH = "/api/analytics/pixel.gif"
PAGE = "https://example.org/about"
WORKER = "aggregate_analytics"
ADDRESS = "203.0.113.77"

ACCEPTED = [
    "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    "image/webp,image/avif,image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5",
    "image/gif",
    "*/*",
    "text/html",
    "application/json",
]
"""What browsers ask images with, and what they don't."""

HOSTILE = [
    '"},"id":"x"}}',
    "it's a \\ \\\\ \\' \\\" \\u0041 / </script>",
    "one\ntwo\r\nthree\tfour\x00\x01\x1f\x7f",
    "Grüße, 東京, 👩‍💻, \u2028\u2029\ufeff",
    "100% %41 %2B + & = ; ?#",
    "&Action=DeleteQueue&MessageBody=x&DelaySeconds=900",
    "$url ${url} $!input.params('url') $context.identity.sourceIp",
    "#set($id = 1) #if(true) #end ## #* *# #foreach($x in [1..9])",
]


@pytest.fixture(scope="module", autouse=True)
def _worker_is_away(site: Site) -> Iterator[None]:
    """Keep the worker from its queue, so that its messages can be looked at."""
    lambda_ = site.aws("lambda")
    (source,) = [
        found["UUID"]
        for found in lambda_.list_event_source_mappings()["EventSourceMappings"]
        if found["EventSourceArn"].endswith(f":{site.outputs['queues'][WORKER].rpartition('/')[2]}")
    ]
    lambda_.update_event_source_mapping(UUID=source, Enabled=False)
    eventually(lambda: lambda_.get_event_source_mapping(UUID=source)["State"] == "Disabled")
    yield
    receive(site, site.outputs["queues"][WORKER])
    lambda_.update_event_source_mapping(UUID=source, Enabled=True)


@pytest.fixture(autouse=True)
def _queue_is_empty(site: Site) -> None:
    while receive(site, site.outputs["queues"][WORKER]):
        pass


def query(**values: str) -> str:
    """Return the pixel's path with values as `encodeURIComponent` writes them."""
    return f"{PATH}?" + "&".join(f"{name}={quote(value, safe="-_.!~*'()")}" for name, value in values.items())


def message(site: Site) -> dict[str, Any]:
    """Return what the one message in the queue says."""
    (found,) = receive(site, site.outputs["queues"][WORKER])
    assert depth(site, site.outputs["queues"][WORKER]) == 0
    (only,) = json.loads(found["Body"]).items()
    name, pixel = only
    assert name == "pixel"
    said: dict[str, Any] = pixel
    return said


@pytest.mark.parametrize("accept", ACCEPTED)
def test_an_image_comes_whatever_is_accepted(site: Site, accept: str) -> None:
    answer = site.call("GET", query(url=PAGE), headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.content == base64.b64decode(GIF)
    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_view_is_one_message_of_these_fields(site: Site) -> None:
    before = time.time_ns() // 1_000_000

    site.call(
        "GET",
        query(url=PAGE, referrer="https://search.example/?q=a", title="About us"),
        headers={"User-Agent": "Lynx/2.9", "CloudFront-Viewer-Country": "DE"},
    )

    said = message(site)
    assert str(uuid.UUID(said.pop("id")))
    assert before <= said.pop("at") <= time.time_ns() // 1_000_000
    assert said == {
        "url": PAGE, "referrer": "https://search.example/?q=a", "title": "About us", "user_agent": "Lynx/2.9",
        "country": "DE",
    }  # fmt: skip


def test_every_page_view_has_an_id_of_its_own(site: Site) -> None:
    for _ in range(3):
        site.call("GET", query(url=PAGE))

    bodies = [json.loads(found["Body"])["pixel"] for found in receive(site, site.outputs["queues"][WORKER])]
    assert len({body["id"] for body in bodies}) == 3


@pytest.mark.parametrize("name", ["Referer", "referer"])
def test_without_a_url_it_is_of_the_page_that_shows_it(site: Site, name: str) -> None:
    site.call("GET", PATH, headers={name: PAGE})

    said = message(site)
    assert (said["url"], said["referrer"], said["title"], said["country"]) == (PAGE, "", "", "")


def test_a_url_goes_before_the_page_that_shows_it(site: Site) -> None:
    site.call("GET", query(url=PAGE), headers={"Referer": "https://example.org/"})

    assert message(site)["url"] == PAGE


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_arrives_as_it_was_written(site: Site, text: str) -> None:
    site.call("GET", query(url=f"{PAGE}?{text}", referrer=text, title=text))

    said = message(site)
    assert (said["url"], said["referrer"], said["title"]) == (f"{PAGE}?{text}", text, text)
    assert said.keys() == {"id", "url", "referrer", "title", "user_agent", "country", "at"}


def test_headers_are_escaped_too(site: Site) -> None:
    hostile = '"},"id":"x"}} it\'s \\ 100% &Action=DeleteQueue'

    site.call("GET", query(url=PAGE), headers={"User-Agent": hostile, "CloudFront-Viewer-Country": '"}}{"'})

    said = message(site)
    assert (said["user_agent"], said["country"]) == (hostile, '"}}{"')


def test_a_country_in_the_query_counts_for_nothing(site: Site) -> None:
    site.call("GET", f"{query(url=PAGE)}&CloudFront-Viewer-Country=DE")

    assert message(site)["country"] == ""


def test_what_is_long_is_cut_between_characters(site: Site) -> None:
    long = f"{PAGE}?" + "a" * 4096

    site.call("GET", query(url=long, title="x" + "👩" * 400), headers={"User-Agent": "b" * 2000})

    said = message(site)
    assert said["url"] == long[:2048]
    assert said["title"] == "x" + "👩" * 299
    assert said["user_agent"] == "b" * 512


def test_nothing_is_said_of_the_address(site: Site) -> None:
    headers = dict.fromkeys(("X-Forwarded-For", "X-Real-Ip", "CloudFront-Viewer-Address", "Forwarded"), ADDRESS)

    site.call("GET", query(url=PAGE), headers=headers)

    (found,) = receive(site, site.outputs["queues"][WORKER])
    assert ADDRESS not in json.dumps(found)
    assert "127.0.0.1" not in found["Body"]


def test_a_queue_that_refuses_is_a_problem_that_says_nothing_of_it(site: Site) -> None:
    iam, role = site.aws("iam"), role_of(site)
    refusal = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName=role, PolicyName="refused", PolicyDocument=json.dumps(refusal))
    try:
        answer = site.call("GET", query(url=PAGE))
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="refused")

    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["instance"] == PATH
    for word in (role, "sqs", ACCOUNT, site.outputs["queues"][WORKER].rpartition("/")[2]):
        assert word not in answer.text
    assert depth(site, site.outputs["queues"][WORKER]) == 0


def role_of(site: Site) -> str:
    """Return the name of the role in which API Gateway sends."""
    gateway = site.aws("apigateway")
    (resource,) = [
        found["id"] for found in gateway.get_resources(restApiId=API_ID, limit=500)["items"] if found["path"] == PATH
    ]
    integration = gateway.get_integration(restApiId=API_ID, resourceId=resource, httpMethod="GET")
    return str(integration["credentials"].rpartition("/")[2])
