import json

from shared.http.response import Response


def test_a_document_becomes_the_proxy_answer() -> None:
    answer = Response(200, {"name": "Žofie 👋"}, {"ETag": '"1"'}).to_proxy({"Vary": "Origin"})

    assert answer == {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", "ETag": '"1"', "Vary": "Origin"},
        "body": '{"name":"Žofie 👋"}',
    }


def test_an_answer_without_a_document_has_no_body_and_no_media_type() -> None:
    assert Response(204).to_proxy({}) == {"statusCode": 204, "headers": {}, "body": ""}


def test_an_empty_document_is_still_a_document() -> None:
    assert json.loads(Response(200, {}).to_proxy({})["body"]) == {}
