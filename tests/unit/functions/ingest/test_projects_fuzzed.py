"""No request, whatever it holds, breaks the function or is promised without being publishable."""

from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.project_events import PROJECT_COMMANDS
from shared.publishing import EventBus
from tests.unit.functions.ingest.writing import (
    IN_CAPITALS,
    ON_ONE,
    OTHER_ID,
    PROJECT_ID,
    WITH_BODY,
    WRITES,
    document_of,
    send,
)
from tests.unit.properties import json_values, reproducible, texts
from tests.unit.shared.buses import MemoryBus

_MOMENTS = st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()) | st.sampled_from(
    ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59", "2026-06-30T23:59:60Z", "2026-02-30T00:00Z"]
)
_DAYS = st.dates().map(lambda day: day.isoformat())
_SOURCES = st.sampled_from(["content:a.jpg", "https://example.org/ü.png", "content:", "file:///a"])
_IMAGES = st.fixed_dictionaries({}, optional={"src": _SOURCES, "alt": texts, "width": st.integers(-1, 100_001)})
_ANY_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": texts,
    "slug": st.from_regex(r"\A[a-z0-9-]{0,20}\Z"),
    "locale": st.sampled_from(["de", "pt-BR", "zh-Hant-TW", "DE", ""]),
    "body": texts,
    "tags": st.lists(texts, max_size=11),
    "links": st.lists(st.fixed_dictionaries({"url": _SOURCES}, optional={"label": texts}), max_size=3),
    "cover": _IMAGES,
    "images": st.lists(_IMAGES, max_size=3),
    "date": _DAYS,
    "end_date": _DAYS,
    "status": st.sampled_from(["draft", "published", "archived", "trashed"]),
    "publish_at": _MOMENTS,
    "unpublish_at": _MOMENTS,
    "position": st.integers(-1, 10**9),
    "custom": st.dictionaries(texts, texts, max_size=31),
    "seo": st.fixed_dictionaries({}, optional={"title": texts, "image": _SOURCES, "noindex": st.booleans()}),
}
_ORDERS = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from([PROJECT_ID, OTHER_ID, IN_CAPITALS]), "position": st.integers()})
).map(lambda positions: {"positions": positions})
_REVERTS = st.integers().map(lambda version: {"version": version})
_SOUND = st.fixed_dictionaries({}, optional=_ANY_FIELDS)
_DOCUMENTS = st.fixed_dictionaries(
    {}, optional={name: values | st.none() | json_values for name, values in _ANY_FIELDS.items()}
)
_SCHEDULES = st.fixed_dictionaries(
    {"title": st.just("Engine")},
    optional={name: _ANY_FIELDS[name] for name in ("date", "end_date", "publish_at", "unpublish_at")},
)
_BODIES = st.one_of(_SOUND, _DOCUMENTS, _SCHEDULES, _ORDERS, _REVERTS, json_values, texts)


def answered(module: ModuleType, name: str, **changes: Any) -> tuple[dict[str, Any], MemoryBus]:
    """Return the answer to a write and the bus as it is then."""
    bus = MemoryBus()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(module, "bus", EventBus(bus, "sitewire-local"))
        return send(module, name, **changes), bus


def require_sound(response: dict[str, Any], bus: MemoryBus) -> None:
    """Hold an answer to what was published: a command of the contract with a promise, or neither."""
    if response["statusCode"] != 202:
        assert 400 <= response["statusCode"] < 500
        assert bus.taken == []
        return
    (detail,) = bus.details
    model: Any = PROJECT_COMMANDS[detail["name"]]
    assert model.model_validate(detail).id == document_of(response)["operation_id"]


@reproducible
@given(name=st.sampled_from(WITH_BODY), body=_BODIES)
@example(name="api_post_project", body={"title": "x", "publish_at": "0001-01-01T00:00:00+23:59"})
@example(name="api_patch_project", body={"publish_at": None, "unpublish_at": "2026-01-01T00:00:00Z", "date": None})
def test_no_body_breaks_it(loaded_projects: ModuleType, name: str, body: Any) -> None:
    response, bus = answered(loaded_projects, name, body=body)

    require_sound(response, bus)


@reproducible
@given(
    name=st.sampled_from(WRITES),
    headers=st.dictionaries(
        st.sampled_from(["If-Match", "Idempotency-Key", "Content-Type", "X-Correlation-Id", "Host", "Origin"]),
        texts | st.none() | st.sampled_from(['"3-0123456789abcdef"', "W/*", "*", "application/json;", "Key-1"]),
    ),
    path_id=texts.filter(bool),
)
def test_no_header_or_path_breaks_it(
    loaded_projects: ModuleType, name: str, headers: dict[str, str | None], path_id: str
) -> None:
    response, bus = answered(loaded_projects, name, headers=headers, path_id=path_id if name in ON_ONE else None)

    require_sound(response, bus)


@reproducible
@given(document=_SCHEDULES)
def test_what_is_accepted_has_times_of_one_shape_in_their_order(
    loaded_projects: ModuleType, document: dict[str, Any]
) -> None:
    _, bus = answered(loaded_projects, "api_post_project", body=document)

    for project in (detail["data"]["project"] for detail in bus.details):
        moments = [project[name] for name in ("publish_at", "unpublish_at") if name in project]
        assert all(len(moment) == len("2026-01-31T12:00:00.000Z") for moment in moments)
        assert moments == sorted(moments)
        assert project.get("date", "") <= project.get("end_date", "~")
