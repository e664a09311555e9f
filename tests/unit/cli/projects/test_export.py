"""Exports from a stage on the loopback address."""

import json
from typing import Any

import pytest

from cli.projects.api import StageApi
from cli.projects.errors import RefusedError
from cli.projects.export import Wanted, lines, listed, require_editor
from tests.unit.cli.projects.stage import TOKEN, Answer, Asked, Stage, problem

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def exported(api: StageApi, ids: list[str]) -> list[dict[str, Any]]:
    with api.crew() as pool:
        return [json.loads(line) for line in lines(api, pool, ids) if line]


def test_an_editor_is_let_in(api: StageApi) -> None:
    require_editor(api)


def test_who_would_be_shown_less_is_refused(stage: Stage, api: StageApi) -> None:
    stage.viewers = {TOKEN}

    with pytest.raises(RefusedError, match=r"403: Your role does not permit this\. This takes the role editor\."):
        require_editor(api)


def test_every_page_is_listed(stage: Stage, api: StageApi) -> None:
    ids = [stage.keep(f"Project {number}") for number in range(5)]

    assert listed(api, Wanted()) == ids

    assert [asked.query for asked in stage.asked] == [
        {"fields": "id", "limit": "100", **more} for more in ({}, {"cursor": "2"}, {"cursor": "4"})
    ]  # fmt: skip


def test_a_list_is_narrowed_to_a_status_and_a_locale(stage: Stage, api: StageApi) -> None:
    wanted = stage.keep("Brücke", status="published", locale="de")
    stage.keep("Bridge", status="published")
    stage.keep("Entwurf", locale="de")

    assert listed(api, Wanted("published", "de")) == [wanted]


def test_what_moves_from_one_page_to_the_next_is_listed_once(stage: Stage, api: StageApi) -> None:
    stage.faults += [
        Answer(200, {"items": [{"id": "a"}, {"id": "b"}], "next_cursor": "1"}),
        Answer(200, {"items": [{"id": "b"}, {"id": "c"}], "next_cursor": None}),
    ]

    assert listed(api, Wanted()) == ["a", "b", "c"]


def test_projects_are_whole_and_in_the_order_of_the_list(stage: Stage, api: StageApi) -> None:
    ids = [stage.keep(f"Project {number}", body="Länge\u2028", images=[{"src": "content:a"}]) for number in range(150)]

    assert exported(api, ids) == list(stage.projects.values())


def test_a_line_is_readable_and_ends_where_a_project_does(stage: Stage, api: StageApi) -> None:
    ids = [stage.keep("Brücke", body="a\nb\u2028c")]

    with api.crew() as pool:
        (line,) = lines(api, pool, ids)

    assert (line.count(b"\n"), line[-1:]) == (1, b"\n")
    assert "Brücke".encode() in line


def test_what_was_purged_or_deleted_since_is_left_out(stage: Stage, api: StageApi) -> None:
    ids = [stage.keep(title) for title in ("Purged", "Deleted", "Bridge")]
    del stage.projects[ids[0]]
    stage.projects[ids[1]]["deleted_at"] = "2026-11-24T00:00:00.000Z"

    assert [document["title"] for document in exported(api, ids)] == ["Bridge"]


def test_what_is_refused_ends_it(stage: Stage, api: StageApi) -> None:
    ids = [stage.keep("Bridge")]
    stage.faults.append(problem(403, "No."))

    with pytest.raises(RefusedError, match="403: No"):
        exported(api, ids)


def test_an_id_leads_nowhere_else(stage: Stage, api: StageApi) -> None:
    paths: list[str] = []

    def note(asked: Asked) -> None:
        paths.append(asked.path)

    stage.before = note

    exported(api, ["../users"])

    assert paths == ["/v1/api/projects/..%2Fusers"]
