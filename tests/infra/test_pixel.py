"""The pixel, which no code of ours answers: what API Gateway is told is all there is to test."""

import base64
import json
import re
from typing import Any
from urllib.parse import unquote_plus

import pytest

from infra.constructs.pixel import PROBLEM, request_template
from schemas.routes import ROUTES
from tests.infra.routing import method, methods
from tests.infra.template import Resource, Template, as_list

PATH = "/api/analytics/pixel.gif"
FIELDS = ["id", "url", "referrer", "title", "user_agent", "country", "at"]

ADDRESSES = re.compile(
    "source_?ip|forwarded|real-ip|address|connecting-ip|\\$context\\.identity(?!\\.userAgent\\b)", re.IGNORECASE
)
"""All by which a template could learn the visitor's address."""


def pixel(template: Template) -> Resource:
    return method(template, "GET", PATH)


def integration(template: Template) -> dict[str, Any]:
    found: dict[str, Any] = pixel(template)["Integration"]
    return found


def request(template: Template) -> str:
    (media_type, written), *others = integration(template)["RequestTemplates"].items()
    assert (media_type, others) == ("application/json", [])  # what a request without a body counts as
    return str(written)


def response(template: Template, status: str) -> dict[str, Any]:
    (found,) = [entry for entry in integration(template)["IntegrationResponses"] if entry["StatusCode"] == status]
    answer: dict[str, Any] = found
    return answer


def constants(template: Template, status: str) -> dict[str, str]:
    parameters = response(template, status)["ResponseParameters"]
    return {name.removeprefix("method.response.header."): value.strip("'") for name, value in parameters.items()}


def role(template: Template) -> Resource:
    return template.target(integration(template)["Credentials"])


def test_it_is_the_workers_queue_that_is_asked(template: Template) -> None:
    found = integration(template)

    queue = template.names.queue("aggregate_analytics")
    assert (found["Type"], found["IntegrationHttpMethod"]) == ("AWS", "POST")
    assert template.render(found["Uri"]).endswith(f":sqs:path/{{AWS::AccountId}}/{queue}")


def test_api_gateway_may_send_to_that_queue_and_nothing_else(template: Template) -> None:
    (policy,) = role(template)["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert (statement["Effect"], as_list(statement["Action"])) == ("Allow", ["sqs:SendMessage"])
    assert template.target(statement["Resource"]).name == template.names.queue("aggregate_analytics")
    assert role(template).get("ManagedPolicyArns") is None


def test_nobody_but_api_gateway_has_the_role(template: Template) -> None:
    (statement,) = role(template)["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
    others = [found for found in template.all_resources() if role(template).id in json.dumps(found.properties)]
    assert others == [pixel(template)]


def test_sqs_is_sent_a_form_on_one_line(template: Template) -> None:
    parameters = integration(template)["RequestParameters"]

    assert parameters == {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}
    # A comment takes the line break with it.
    *directives, form = request(template).split("##\n")
    assert all(re.fullmatch(r"(#if\(.*\))?#set\(.*\)(#end)?", line) for line in directives)
    assert re.fullmatch(r"Action=SendMessage&MessageBody=[^\n]+", form)


def test_the_message_has_these_fields_and_no_other(template: Template) -> None:
    body = unquote_plus(request(template).rpartition("MessageBody=")[2])

    outline = re.sub(r'"\$util\.urlEncode\(.*?"\'"\)\)"', '""', body).replace("$context.requestTimeEpoch", "0")

    assert json.loads(outline) == {"pixel": {**dict.fromkeys(FIELDS[:-1], ""), "at": 0}}
    assert list(json.loads(outline)["pixel"]) == FIELDS


@pytest.mark.parametrize("name", FIELDS[:-1])
def test_a_text_is_bounded_and_escaped_for_json_and_for_the_form(template: Template, name: str) -> None:
    (found,) = re.findall(rf"%22{name}%22%3A%22(.*?)%22(?:%2C|%7D)", request(template))

    escaping = r"""\$util\.urlEncode\(\$util\.escapeJavaScript\((.*)\)\.replaceAll\("\\\\'", "'"\)\)"""
    (inner,) = re.fullmatch(escaping, found).groups()  # type: ignore[union-attr]
    bound = re.fullmatch(rf"\${name}\.replaceAll\('\(\?s\)\^\(\.{{(\d+)}}\)\.\*\$', '\$1'\)", inner)
    assert bound is not None
    assert 0 < int(bound[1]) <= 2048


def test_nothing_of_an_address_is_sent(template: Template) -> None:
    assert ADDRESSES.findall(request(template)) == []


@pytest.mark.parametrize("leak", ["$context.identity.sourceIp", "$headers.get('X-Forwarded-For')"])
def test_an_address_would_be_noticed(template: Template, leak: str) -> None:
    assert ADDRESSES.search(request(template) + leak)


def test_the_country_comes_from_the_header_that_the_stage_names(template: Template) -> None:
    named = template.stage.analytics.country_header

    assert f"""#set($country = "$!headers.get('{named}')")""" in request(template)
    # A header in a query would let everybody choose a country.
    assert f"params('{named}')" not in request(template)


def test_without_such_a_header_there_is_no_country() -> None:
    assert '#set($country = "")' in request_template("")


def test_the_answer_is_a_pixel_that_is_never_kept(template: Template) -> None:
    assert response(template, "200")["SelectionPattern"] == "200"
    assert constants(template, "200") == {"Content-Type": "image/gif", "Cache-Control": "no-store"}


def test_a_template_can_write_the_pixel(template: Template) -> None:
    (written,) = response(template, "200")["ResponseTemplates"].values()

    (encoded,) = re.fullmatch(r'\$util\.base64Decode\("([A-Za-z0-9+/=]+)"\)', written).groups()  # type: ignore[union-attr]
    gif = base64.b64decode(encoded)
    # Text is answered as UTF-8, in which a byte over 0x7F would become two.
    assert gif.isascii()
    assert gif[:6] == b"GIF89a"
    assert gif[6:10] == b"\x01\x00\x01\x00"
    assert gif.endswith(b";")


def test_the_pixel_depends_on_no_conversion(template: Template) -> None:
    # It would be of what SQS answers, before the template, and would depend on the Accept header.
    assert template.only("AWS::ApiGateway::RestApi").get("BinaryMediaTypes") is None
    for found in methods(template):
        entries = [found.resource["Integration"], *found.resource["Integration"].get("IntegrationResponses", [])]
        assert [entry["ContentHandling"] for entry in entries if "ContentHandling" in entry] == []


def test_whatever_else_sqs_answers_is_a_problem_that_tells_nothing_of_it(template: Template) -> None:
    failed = response(template, "503")

    assert failed.get("SelectionPattern") is None
    assert list(failed["ResponseTemplates"].values()) == [json.dumps(PROBLEM)]
    assert "$input" not in json.dumps(PROBLEM)
    assert constants(template, "503") == {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}


def test_every_answer_is_declared(template: Template) -> None:
    declared = {entry["StatusCode"]: entry["ResponseParameters"] for entry in pixel(template)["MethodResponses"]}

    assert declared.keys() == {"200", "503"}
    for status, headers in declared.items():
        assert headers.keys() == response(template, status)["ResponseParameters"].keys()


def test_no_other_body_is_handed_on(template: Template) -> None:
    assert integration(template)["PassthroughBehavior"] == "NEVER"


def test_it_has_the_throttle_of_every_method(template: Template) -> None:
    (route,) = [route for route in ROUTES if route.path == PATH]
    settings = template.only("AWS::ApiGateway::Stage")["MethodSettings"]

    assert route.throttle is None
    assert [found for found in settings if PATH.replace("/", "~1") in found["ResourcePath"]] == []
