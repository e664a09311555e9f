"""Many editors write one project at the same time: who is told that it worked is in it, who is not was told so."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import requests

from schemas.routes import Role
from tests.e2e.conftest import Site
from tests.e2e.projects import ACCEPTED, CHANGED, WAIT, Kept, create, outcome, read

EDITORS = 64
PERSISTENT = 8
CONFLICT = 412
_ROUNDS = 4 * PERSISTENT

# The embedded AWS answers with 64 threads: a function that is at work holds one, and needs others for its own calls.
_IN_FLIGHT = threading.Semaphore(16)


class Told(NamedTuple):
    """What an editor was told of a write: the status, and the project or problem that came with it."""

    status: int
    document: dict[str, Any]
    tag: str


class Rival:
    """An editor at a browser of its own, who adds a marker to the project's custom fields.

    Parameters
    ----------
    site
        The running stage.
    marker
        A custom field's name that no other editor uses.
    """

    def __init__(self, site: Site, marker: str) -> None:
        self.marker = marker
        self._site = site._replace(session=requests.Session())

    def write(self, seen: Kept) -> Told:
        """Write what was read with the marker added, and wait for what becomes of it."""
        change = {"custom": {**seen.document["custom"], self.marker: f"written for version {seen.version}"}}
        headers = {**WAIT, "If-Match": seen.tag}
        with _IN_FLIGHT:
            answer = self._site.call("PATCH", seen.path, Role.EDITOR, json=change, headers=headers)
        return Told(answer.status_code, answer.json(), answer.headers.get("ETag", ""))

    def write_until_applied(self, seen: Kept) -> list[str]:
        """Write, and as long as there is a conflict write again what has come in between; return each outcome."""
        fates: list[str] = []
        while len(fates) < _ROUNDS and fates[-1:] != ["applied"]:
            told = self.write(seen)
            fates.append(fate(self._site, told))
            seen = Kept(told.document["record"], told.tag) if told.status == CONFLICT else read(self._site, seen.id)
        return fates


def fate(site: Site, told: Told) -> str:
    """Return what became of a write: `applied`, or the reason why it was rejected; another answer, as it is."""
    if told.status == ACCEPTED:
        ended = outcome(site, told.document["operation_id"])
        return str(ended.get("reason", ended["status"]))
    return {CHANGED: "applied", CONFLICT: "conflict"}.get(told.status, str(told))


def test_no_marker_is_lost_when_editors_repeat_what_was_in_conflict(
    site: Site, show_figure: Callable[[str], None]
) -> None:
    before = create(site)
    rivals = [Rival(site, f"marker{number}") for number in range(PERSISTENT)]

    fates = _together(rivals, lambda rival: rival.write_until_applied(before))

    after = read(site, before.id)
    count = Counter(became for rounds in fates.values() for became in rounds)
    show_figure(
        f"{PERSISTENT} editors repeat until it works: {count['applied']} applied, {count['conflict']} conflicts, "
        f"version {after.version}, {PERSISTENT - len(after.document['custom'])} markers lost"
    )
    assert count.keys() <= {"applied", "conflict"}
    assert {rounds[-1] for rounds in fates.values()} == {"applied"}
    assert set(after.document["custom"]) == set(fates)
    assert after.version == before.version + PERSISTENT
    assert _history(site, after) == list(range(after.version, 0, -1))


def test_of_many_writes_for_one_version_one_wins_and_all_others_are_told(
    site: Site, show_figure: Callable[[str], None]
) -> None:
    seen = create(site)
    rivals = [Rival(site, f"marker{number}") for number in range(EDITORS)]

    told = _together(rivals, lambda rival: rival.write(seen))

    fates = {marker: fate(site, answer) for marker, answer in told.items()}
    after = read(site, seen.id)
    count = Counter(fates.values())
    show_figure(
        f"{EDITORS} editors write for one version: {count['applied']} applied, {count['conflict']} told of "
        f"the conflict ({sum(answer.status == CONFLICT for answer in told.values())} by 412), version {after.version}"
    )
    assert count == {"applied": 1, "conflict": EDITORS - 1}
    assert list(after.document["custom"]) == [marker for marker, became in fates.items() if became == "applied"]
    assert after.version == seen.version + 1
    assert _history(site, after) == [2, 1]


def _together[Answer](rivals: list[Rival], act: Callable[[Rival], Answer]) -> dict[str, Answer]:
    """Let all act at the same moment, each in a thread of its own; return what came of it by marker."""
    start = threading.Barrier(len(rivals))

    def act_with_the_others(rival: Rival) -> Answer:
        start.wait(30)
        return act(rival)

    with ThreadPoolExecutor(len(rivals)) as threads:
        return dict(zip((rival.marker for rival in rivals), threads.map(act_with_the_others, rivals), strict=True))


def _history(site: Site, kept: Kept) -> list[int]:
    items: list[dict[str, Any]] = site.call("GET", f"{kept.path}/versions?limit=50", Role.EDITOR).json()["items"]
    return [item["version"] for item in items]
