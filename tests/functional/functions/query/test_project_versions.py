"""How a project came to be what it is: its versions, one of them, and what it changed."""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from schemas.project_responses import Project as ProjectDocument
from schemas.project_responses import ProjectDiff, ProjectVersionPage
from shared.projects.project import KEPT_VERSIONS, Project, Purged
from shared.table.projects import ProjectTable
from tests.functional.conftest import TABLE
from tests.functional.functions.query.asking import document_of, send
from tests.functional.shared.table.projects import NOON, changed, identifier, project, put

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

LIST, ONE, DIFF = "api_get_project_versions", "api_get_project_version", "api_get_project_diff"
UNKNOWN = identifier(9)


@pytest.fixture
def versions(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("functions.query.project_versions")


@pytest.fixture
def history(dynamodb: "DynamoDBClient") -> Project:
    """Store a project of three versions and return the last."""
    first = put(dynamodb, TABLE, None, project(1, title="Engine", position=7, tags=["Steam"], custom={"a/b": "c"}))
    second = put(dynamodb, TABLE, first, changed(first, title="Motor", updated_by="another", summary="Short."))
    return put(dynamodb, TABLE, second, changed(second, status="archived", custom={"a/b": "d", "e": "f"}))


def rewritten(dynamodb: "DynamoDBClient", times: int) -> Project:
    """Store a project, write it so many times more, and return the last version."""
    last = put(dynamodb, TABLE, None, project(1))
    for number in range(times):
        last = put(dynamodb, TABLE, last, changed(last, title=f"Title {number}"))
    return last


def at(function: ModuleType, name: str, version: object, **query: str) -> dict[str, Any]:
    return send(function, name, path={"version": str(version)}, query=query or None)


def numbers_of(response: dict[str, Any]) -> list[int]:
    assert response["statusCode"] == 200, response["body"]
    return [item["version"] for item in document_of(response)["items"]]


def test_the_versions_are_a_page_of_the_contract_newest_first(versions: ModuleType, history: Project) -> None:
    response = send(versions, LIST)

    page = ProjectVersionPage.model_validate(document_of(response))
    assert numbers_of(response) == [3, 2, 1]
    assert page.next_cursor is None
    assert [(item.title, item.status) for item in page.items] == [
        ("Motor", "archived"), ("Motor", "published"), ("Engine", "published"),
    ]  # fmt: skip
    assert page.items[1].updated_by == "another"
    assert history.version == 3


def test_an_entry_tells_no_more_than_who_changed_it_when_and_what_it_was_called(
    versions: ModuleType, history: Project
) -> None:
    assert history.version == 3

    for item in document_of(send(versions, LIST))["items"]:
        assert item.keys() == {"version", "title", "status", "updated_at", "updated_by"}


@pytest.mark.parametrize("limit", ["1", "2", "3"])
def test_the_pages_of_a_history_hold_each_version_once(
    versions: ModuleType, dynamodb: "DynamoDBClient", limit: str
) -> None:
    rewritten(dynamodb, 5)
    query, walked = {"limit": limit}, []

    while True:
        response = send(versions, LIST, query=query)
        walked += numbers_of(response)
        cursor = document_of(response)["next_cursor"]
        if cursor is None:
            break
        query["cursor"] = cursor

    assert walked == [6, 5, 4, 3, 2, 1]


def test_fifty_versions_are_kept_and_can_be_listed_at_once(versions: ModuleType, dynamodb: "DynamoDBClient") -> None:
    last = rewritten(dynamodb, KEPT_VERSIONS + 2)

    numbers = numbers_of(send(versions, LIST, query={"limit": str(KEPT_VERSIONS)}))

    assert last.version == 53
    assert numbers == list(range(53, 3, -1))
    assert at(versions, ONE, 4)["statusCode"] == 200
    assert at(versions, ONE, 3)["statusCode"] == 404


def test_a_version_is_read_as_it_was(versions: ModuleType, history: Project) -> None:
    response = at(versions, ONE, 1)

    document = document_of(response)
    ProjectDocument.model_validate(document)
    assert (response["statusCode"], history.document["title"]) == (200, "Motor")
    assert (document["title"], document["version"], document["tags"]) == ("Engine", 1, ["Steam"])
    # The place in lists is the order's, not the content's.
    assert "position" not in document
    assert response["headers"]["ETag"].startswith('"1-')


@pytest.mark.parametrize("version", [0, 4, 999_999_999, "1000000000", "latest", "-1", "1.0", "٣", "", " 1"])
def test_a_version_that_there_is_not_is_not_found(versions: ModuleType, history: Project, version: object) -> None:
    assert history.version == 3

    for name in (ONE, DIFF):
        response = at(versions, name, version)
        assert (response["statusCode"], document_of(response)["status"]) == (404, 404)


def test_a_diff_tells_what_a_version_changed_of_the_one_before(versions: ModuleType, history: Project) -> None:
    document = document_of(at(versions, DIFF, history.version))

    ProjectDiff.model_validate(document)
    assert document == {
        "version": 3,
        "against": 2,
        "changes": [
            {"pointer": "/custom/a~1b", "before": "c", "after": "d"},
            {"pointer": "/custom/e", "after": "f"},
            {"pointer": "/status", "before": "published", "after": "archived"},
        ],
    }


def test_a_diff_is_of_content_alone(versions: ModuleType, history: Project) -> None:
    assert history.version == 3

    # Who wrote it, when and as which version is in the list of versions.
    assert document_of(at(versions, DIFF, 2))["changes"] == [
        {"pointer": "/summary", "after": "Short."},
        {"pointer": "/title", "before": "Engine", "after": "Motor"},
    ]


@pytest.mark.parametrize(("version", "against"), [(3, 1), (1, 3)])
def test_any_two_versions_can_be_compared_in_either_direction(
    versions: ModuleType, history: Project, version: int, against: int
) -> None:
    document = document_of(at(versions, DIFF, version, against=str(against)))

    titles = {1: "Engine", 3: "Motor"}
    assert (document["version"], document["against"], history.version) == (version, against, 3)
    assert {"pointer": "/title", "before": titles[against], "after": titles[version]} in document["changes"]


@pytest.mark.parametrize("query", [{}, {"against": "1"}], ids=str)
def test_the_first_version_changed_nothing(versions: ModuleType, history: Project, query: dict[str, str]) -> None:
    assert history.version == 3
    assert document_of(at(versions, DIFF, 1, **query)) == {"version": 1, "against": 1, "changes": []}


@pytest.mark.parametrize("against", ["", "0", "-1", "two", "1000000000", "1,2"])
def test_a_version_to_compare_with_that_makes_no_sense_is_named(
    versions: ModuleType, history: Project, against: str
) -> None:
    response = at(versions, DIFF, history.version, against=against)

    assert response["statusCode"] == 400
    assert document_of(response)["errors"][0]["detail"].startswith("against: Must be a whole number from 1 to ")


def test_a_version_to_compare_with_that_there_is_not_is_not_found(versions: ModuleType, history: Project) -> None:
    response = at(versions, DIFF, history.version, against="7")

    assert response["statusCode"] == 404
    assert "There is no version 7 " in document_of(response)["detail"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        *(("limit", value) for value in ("", "0", "51", "ten")),
        *(("cursor", value) for value in ("x", "AAAA", "MTIzNDU2Nzg5MA", "LTE", "!!")),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(
    versions: ModuleType, history: Project, parameter: str, value: str
) -> None:
    assert history.version == 3

    response = send(versions, LIST, query={parameter: value})

    assert response["statusCode"] == 400
    assert document_of(response)["errors"][0]["detail"].startswith(f"{parameter}: Must be ")


@pytest.mark.parametrize("name", [LIST, ONE, DIFF])
def test_a_project_that_there_is_not_has_no_history(versions: ModuleType, name: str) -> None:
    assert send(versions, name, path={"id": UNKNOWN})["statusCode"] == 404


@pytest.mark.parametrize("name", [LIST, ONE, DIFF])
@pytest.mark.parametrize("identity", ["engine", "1", ".."])
def test_what_is_no_id_is_refused(versions: ModuleType, name: str, identity: str) -> None:
    assert send(versions, name, path={"id": identity})["statusCode"] == 400


@pytest.mark.parametrize("name", [LIST, ONE, DIFF])
def test_a_purge_takes_the_history_too(
    versions: ModuleType, dynamodb: "DynamoDBClient", history: Project, name: str
) -> None:
    trashed = put(dynamodb, TABLE, history, changed(history, deleted_at="2026-02-01T00:00:00.000Z"))
    assert send(versions, name)["statusCode"] == 200
    purge = ProjectTable(dynamodb, TABLE).writes(trashed, Purged(trashed.id), now=NOON)
    dynamodb.transact_write_items(TransactItems=purge)

    assert send(versions, name)["statusCode"] == 404


@pytest.mark.parametrize("name", [LIST, ONE, DIFF])
def test_history_may_be_kept_by_its_editor_alone_who_is_not_sent_it_again(
    versions: ModuleType, history: Project, name: str
) -> None:
    first = send(versions, name)

    again = send(versions, name, headers={"If-None-Match": first["headers"]["ETag"]})

    assert first["headers"]["Cache-Control"] == again["headers"]["Cache-Control"] == "private, no-cache"
    assert (again["statusCode"], again["body"], history.version) == (304, "", 3)
