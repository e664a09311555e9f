"""What is wrong with a body, and what its sender is told."""

from types import ModuleType
from typing import Any

import pytest

from tests.unit.functions.ingest.writing import IN_CAPITALS, OTHER_ID, PROJECT_ID, WITH_BODY, pointers_of, send
from tests.unit.shared.buses import MemoryBus

# Names that nobody may write: they are the table's, or of no field.
UNKNOWN = ["id", "version", "created_at", "published_at", "deleted_at", "author", "Title", "__proto__", ""]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/title"]),
        ({"title": ""}, ["/title"]),
        ({"title": "  "}, ["/title"]),
        ({"title": None}, ["/title"]),
        ({"title": "a\nb"}, ["/title"]),
        ({"title": "x" * 201}, ["/title"]),
        ({"title": "x", "slug": "Not A Slug"}, ["/slug"]),
        ({"title": "x", "locale": "pt-br"}, ["/locale"]),
        ({"title": "x", "locale": None}, ["/locale"]),
        ({"title": "x", "body": "x" * 100_001}, ["/body"]),
        ({"title": "x", "tags": ["a"] * 11}, ["/tags"]),
        ({"title": "x", "tags": ["a", ""]}, ["/tags/1"]),
        ({"title": "x", "links": [{"url": "javascript:alert(1)"}]}, ["/links/0/url"]),
        ({"title": "x", "links": [{"label": "no address"}]}, ["/links/0/url"]),
        ({"title": "x", "cover": {"alt": "no source"}}, ["/cover/src"]),
        ({"title": "x", "images": [{"src": "content:a"}, {"src": "file:///etc/passwd"}]}, ["/images/1/src"]),
        ({"title": "x", "images": [{"src": "content:a", "width": 0}]}, ["/images/0/width"]),
        ({"title": "x", "date": "2026-02-30"}, ["/date"]),
        ({"title": "x", "date": 1769860800}, ["/date"]),
        ({"title": "x", "publish_at": "2026-03-01T12:00:00"}, ["/publish_at"]),
        ({"title": "x", "publish_at": 1769860800}, ["/publish_at"]),
        ({"title": "x", "status": "trashed"}, ["/status"]),
        ({"title": "x", "position": -1}, ["/position"]),
        ({"title": "x", "position": 1_000_000_000}, ["/position"]),
        ({"title": "x", "position": "1"}, ["/position"]),
        ({"title": "x", "custom": {"a/b": "x"}}, ["/custom/a~1b"]),
        ({"title": "x", "custom": {"a": 1}}, ["/custom/a"]),
        ({"title": "x", "seo": {"canonical_url": "example.org"}}, ["/seo/canonical_url"]),
        ({"tags": "a", "position": 1.5}, ["/position", "/tags", "/title"]),
        ([], [""]),
        ("null", [""]),
        ("{", [""]),
        ("", [""]),
        ("\ufeff{}", [""]),
        ('{"title": "\\ud800"}', [""]),
        ("[" * 100_000, [""]),
    ],
    ids=lambda value: str(value)[:40] if not isinstance(value, list) or not value else "",
)  # fmt: skip
@pytest.mark.parametrize("name", ["api_post_project", "api_put_project"])
def test_what_is_wrong_with_a_project_is_told_by_field(
    projects: ModuleType, bus: MemoryBus, name: str, body: object, pointers: list[str]
) -> None:
    response = send(projects, name, body=body)

    assert (response["statusCode"], sorted(pointers_of(response))) == (400, pointers)
    assert response["headers"]["Content-Type"] == "application/problem+json"
    assert bus.taken == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"title": None}, ["/title"]),
        ({"locale": None}, ["/locale"]),
        ({"status": None}, ["/status"]),
        ({"featured": None}, ["/featured"]),
        ({"position": None}, ["/position"]),
        ({"cover": {"src": None}}, ["/cover/src"]),
        ({"tags": [None]}, ["/tags/0"]),
        ({"images": [{"alt": "no source"}]}, ["/images/0/src"]),
        ({"seo": {"author": None}}, ["/seo/author"]),
        ([{"op": "remove", "path": "/summary"}], [""]),
    ],
)
def test_what_is_wrong_with_a_patch_is_told_by_field(
    projects: ModuleType, bus: MemoryBus, body: object, pointers: list[str]
) -> None:
    response = send(projects, "api_patch_project", body=body)

    assert (response["statusCode"], pointers_of(response)) == (400, pointers)
    assert bus.taken == []


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        (name, unknown)
        for name in WITH_BODY
        for unknown in UNKNOWN
        if (name, unknown) != ("api_revert_project", "version")
    ],
)
def test_a_field_that_nobody_knows_is_told(projects: ModuleType, bus: MemoryBus, name: str, unknown: str) -> None:
    response = send(projects, name, body={unknown: 1})

    assert response["statusCode"] == 400
    assert f"/{unknown}" in pointers_of(response)
    assert bus.taken == []


@pytest.mark.parametrize("text", ['{{"title": "x", "custom": {{{}}}}}', '{{"title": "x", {}}}'], ids=["own", "unknown"])
def test_of_more_errors_than_a_person_reads_the_first_ones_are_told(projects: ModuleType, text: str) -> None:
    body = text.format(",".join(['"":0'] * 50_000))

    response = send(projects, "api_post_project", body=body)

    assert (response["statusCode"], len(pointers_of(response))) == (400, 100)


@pytest.mark.parametrize("body", [{}, {"version": 0}, {"version": "1"}, {"version": 1.0}, {"version": True}])
def test_a_revert_names_a_version(projects: ModuleType, bus: MemoryBus, body: object) -> None:
    response = send(projects, "api_revert_project", body=body)

    assert (response["statusCode"], pointers_of(response)) == (400, ["/version"])
    assert bus.taken == []


@pytest.mark.parametrize(
    ("positions", "pointers"),
    [
        ([], ["/positions"]),
        ([{"id": PROJECT_ID}], ["/positions/0/position"]),
        ([{"id": "engine", "position": 1}], ["/positions/0/id"]),
        ([{"id": IN_CAPITALS, "position": 1}], ["/positions/0/id"]),
        ([{"id": PROJECT_ID, "position": 1}] * 101, ["/positions"]),
        ([{"id": PROJECT_ID, "position": 1}, {"id": PROJECT_ID, "position": 1}], ["/positions/1/id"]),
        ([{"id": i, "position": 1} for i in (PROJECT_ID, OTHER_ID, OTHER_ID, PROJECT_ID)], ["/positions/2/id"]),
    ],
    ids=["none", "no position", "no id", "large letters", "too many", "twice", "two twice"],
)
def test_an_order_names_each_project_once(
    projects: ModuleType, bus: MemoryBus, positions: list[Any], pointers: list[str]
) -> None:
    response = send(projects, "api_order_projects", body={"positions": positions})

    assert (response["statusCode"], pointers_of(response)) == (400, pointers)
    assert bus.taken == []


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+14:00",
        "0999-12-31T23:59:59Z",
        "1000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:59.9996Z",
    ],
)
@pytest.mark.parametrize("name", ["api_post_project", "api_put_project", "api_patch_project"])
@pytest.mark.parametrize("field", ["publish_at", "unpublish_at"])
def test_a_time_that_four_digits_of_a_year_can_not_write_is_refused(
    projects: ModuleType, bus: MemoryBus, name: str, field: str, moment: str
) -> None:
    response = send(projects, name, body={"title": "Engine", field: moment})

    assert (response["statusCode"], pointers_of(response)) == (400, [f"/{field}"])
    assert bus.taken == []


@pytest.mark.parametrize("moment", ["1000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.000Z"])
def test_the_first_and_the_last_time_are_accepted(projects: ModuleType, bus: MemoryBus, moment: str) -> None:
    send(projects, "api_post_project", body={"title": "Engine", "publish_at": moment})

    assert bus.details[0]["data"]["project"]["publish_at"] == moment


CONTRADICTIONS = [
    ({"publish_at": "2026-03-02T00:00:00Z", "unpublish_at": "2026-03-01T00:00:00Z"}, "/unpublish_at"),
    ({"publish_at": "2026-03-01T00:00:00Z", "unpublish_at": "2026-03-01T00:00:00Z"}, "/unpublish_at"),
    # By the clock on the wall the other way round.
    ({"publish_at": "2026-03-01T09:00:00-05:00", "unpublish_at": "2026-03-01T10:00:00+05:00"}, "/unpublish_at"),
    ({"date": "2026-03-02", "end_date": "2026-03-01"}, "/end_date"),
]


@pytest.mark.parametrize(("content", "pointer"), CONTRADICTIONS)
@pytest.mark.parametrize("name", ["api_post_project", "api_put_project", "api_patch_project"])
def test_a_write_that_contradicts_itself_is_refused(
    projects: ModuleType, bus: MemoryBus, name: str, content: dict[str, str], pointer: str
) -> None:
    response = send(projects, name, body={"title": "Engine", **content})

    assert (response["statusCode"], pointers_of(response)) == (400, [pointer])
    assert bus.taken == []


@pytest.mark.parametrize(
    "patch",
    [
        {"publish_at": "2026-03-02T00:00:00Z", "unpublish_at": None},
        {"publish_at": None, "unpublish_at": "2026-03-01T00:00:00Z"},
        {"date": "2026-03-02", "end_date": None},
        {"date": None, "end_date": "2026-03-01"},
    ],
)
def test_what_a_patch_removes_contradicts_nothing(projects: ModuleType, patch: dict[str, str | None]) -> None:
    assert send(projects, "api_patch_project", body=patch)["statusCode"] == 202
