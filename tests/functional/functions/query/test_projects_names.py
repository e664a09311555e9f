"""Names that no project has, because they are longer than a key of the table may be."""

import json
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.functional.faults import refuse_table
from tests.unit import events

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
LONGEST_KEY = 2048


@pytest.fixture
def reader(load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name in ("ISSUERS", "PREVIEW_KEY_ARN"):
        monkeypatch.setenv(name, "[]")
    monkeypatch.setenv("DEFAULT_LOCALE", "en")
    return load("functions.query.projects")


def ask(reader: ModuleType, name: str, query: dict[str, str] | None = None) -> dict[str, Any]:
    event = events.http_event("api_get_submissions", query=query, headers={"Authorization": None})
    path = f"/api/projects/{name}"
    event |= {"resource": "/api/projects/{id}", "path": path, "pathParameters": {"id": name}}
    event["requestContext"] |= {"path": f"/v1{path}", "authorizer": None}
    answer: dict[str, Any] = reader.handler(event, CONTEXT)
    return answer


@pytest.mark.parametrize("name", ["a" * LONGEST_KEY, "\U0001f600" * (LONGEST_KEY // 4)], ids=["letters", "signs"])
def test_a_name_longer_than_any_slug_is_nobodys(reader: ModuleType, name: str) -> None:
    refuse_table(reader.dynamodb, "GetItem", "ValidationException")

    response = ask(reader, name)

    assert (response["statusCode"], json.loads(response["body"])["title"]) == (404, "Not found")


@pytest.mark.parametrize(
    "locale", ["x" * LONGEST_KEY, "\U0001f600" * 5, "de#en", ""], ids=["long", "signs", "key", "empty"]
)
def test_a_locale_that_is_none_is_refused(reader: ModuleType, locale: str) -> None:
    response = ask(reader, "bridge", {"locale": locale})

    problem = json.loads(response["body"])
    assert (response["statusCode"], problem["detail"]) == (400, "The query parameter locale is not valid.")
