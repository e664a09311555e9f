"""The pixel: an image whose request is a page view, which API Gateway puts into the worker's queue by itself."""

import json
from urllib.parse import quote_plus

from aws_cdk import Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.answers import Answer

GIF = "R0lGODlhAQABAAAAACwAAAAAAQABAAACADs="
"""One transparent pixel: a frame without colours in which nothing is drawn.

Every byte of it is ASCII, so that a template, which can write nothing but text, writes it as it is.
"""

PROBLEM = {
    "type": "urn:sitewire:problem:unavailable",
    "title": "Unavailable",
    "status": 503,
    "detail": "The page view could not be taken.",
    "instance": "$context.resourcePath",
    "request_id": "$context.requestId",
}

_LONGEST = {"id": 64, "url": 2048, "referrer": 2048, "title": 300, "user_agent": 512, "country": 8}
"""Characters that are kept of each text of the message."""

_HEADERS = "method.response.header"
_END = "##\n"


class Pixel(Construct):
    """The pixel's `answer`, and the role in which API Gateway sends what it is asked with.

    Parameters
    ----------
    queue
        Of the worker that counts.
    country_header
        Request header with the visitor's country; empty where nothing sets one.
    """

    def __init__(self, scope: Construct, id_: str, *, queue: sqs.IQueue, country_header: str) -> None:
        super().__init__(scope, id_)
        send = iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[queue.queue_arn])
        role = iam.Role(
            self,
            "Role",
            description="What API Gateway may do for the pixel",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            inline_policies={"Send": iam.PolicyDocument(statements=[send])},
        )
        integration = apigateway.AwsIntegration(
            service="sqs",
            path=f"{Stack.of(self).account}/{queue.queue_name}",
            integration_http_method="POST",
            options=apigateway.IntegrationOptions(
                credentials_role=role.without_policy_updates(),
                passthrough_behavior=apigateway.PassthroughBehavior.NEVER,
                request_parameters={"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
                request_templates={"application/json": request_template(country_header)},
                integration_responses=[
                    _response("200", "image/gif", f'$util.base64Decode("{GIF}")', selection_pattern="200"),
                    # Whatever else SQS answers: nothing of it reaches the browser.
                    _response("503", "application/problem+json", json.dumps(PROBLEM)),
                ],
            ),
        )
        parameters = {f"{_HEADERS}.Cache-Control": True, f"{_HEADERS}.Content-Type": True}
        declared = [
            apigateway.MethodResponse(status_code=status, response_parameters=parameters) for status in ("200", "503")
        ]
        self.answer = Answer(integration, declared)


def request_template(country_header: str) -> str:
    """Return what makes SQS's request of the browser's: a form whose MessageBody is JSON.

    The JSON's own characters are encoded here and each value by the template, so that no value can end its string.
    Lines end in a comment, which takes the line break with it: the form must not have any.
    """
    country = _header("country", country_header) if country_header else ['#set($country = "")']
    lines = [
        "#set($headers = $input.params().header)",
        '#set($id = "$!context.requestId")',
        """#set($url = "$!input.params('url')")""",
        """#set($referrer = "$!input.params('referrer')")""",
        """#set($title = "$!input.params('title')")""",
        '#set($user_agent = "$!context.identity.userAgent")',
        *country,
        *_header("page", "Referer"),
        '#if($url == "")#set($url = $page)#end',
        f"Action=SendMessage&MessageBody={_message()}",
    ]
    return _END.join(lines)


def _header(variable: str, name: str) -> list[str]:
    """Return what reads a header, whose name API Gateway hands on as the browser, or HTTP/2, wrote it."""
    return [
        f"""#set(${variable} = "$!headers.get('{name}')")""",
        f"""#if(${variable} == "")#set(${variable} = "$!headers.get('{name.lower()}')")#end""",
    ]


def _message() -> str:
    texts = quote_plus(",").join(f"{quote_plus(f'"{name}":"')}{_text(name)}{quote_plus('"')}" for name in _LONGEST)
    at = f"{quote_plus(',"at":')}$context.requestTimeEpoch"
    return f"{quote_plus('{"pixel":{')}{texts}{at}{quote_plus('}}')}"


def _text(name: str) -> str:
    """Return what writes a variable as the inside of a JSON string, in a form.

    A JavaScript string may escape the apostrophe, one of JSON must not.
    """
    cut = f"${name}.replaceAll('(?s)^(.{{{_LONGEST[name]}}}).*$', '$1')"
    return rf"""$util.urlEncode($util.escapeJavaScript({cut}).replaceAll("\\'", "'"))"""


def _response(
    status: str, media_type: str, template: str, *, selection_pattern: str | None = None
) -> apigateway.IntegrationResponse:
    return apigateway.IntegrationResponse(
        status_code=status,
        selection_pattern=selection_pattern,
        response_parameters={
            f"{_HEADERS}.Cache-Control": "'no-store'",
            f"{_HEADERS}.Content-Type": f"'{media_type}'",
        },
        response_templates={"application/json": template},
    )
