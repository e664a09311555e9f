"""The bus may refuse some of the entries of a call: those are sent again, and no others."""

import json
from collections.abc import Callable

from shared.ids import uuid7
from shared.table import keys
from shared.table.items import to_item
from tests.chaos.faults import REFUSED_OF_TEN, partly_refused
from tests.chaos.run import take_all
from tests.chaos.table import clear
from tests.chaos.wire import Call
from tests.chaos.workers import Nursery, working
from tests.e2e.conftest import Site

DUE_AT = "2026-01-01T00:00:00.000Z"
NOW = 1_795_780_000
ENTRIES = 10


def test_of_ten_entries_only_the_three_that_were_refused_are_sent_again(
    site: Site, nursery: Nursery, show_figure: Callable[[str], None]
) -> None:
    clear(site)
    _let_projects_be_due(site)
    sizes, sent = [], []

    with working(site, nursery, {"release_projects": 1}, room="schedule") as (worker,):
        where = worker.give({}, NOW)
        while isinstance(where, Call):
            if where.operation == "PutEvents":
                entries = where.question["Entries"]
                sizes.append(len(entries))
                sent.append([json.loads(entry["Detail"])["id"] for entry in entries])
            where.answer(partly_refused(where) if len(sizes) == 1 and len(sent[0]) == ENTRIES else where.forward())
            where = worker.next()

    queue = site.outputs["queues"]["apply_project"]
    taken = [json.loads(message["Body"])["detail"]["id"] for message in take_all(site, queue)]
    show_figure(
        f"PutEvents refused {REFUSED_OF_TEN} of {ENTRIES}: calls of {sizes} entries, {len(taken)} events delivered"
    )
    assert sizes == [ENTRIES, REFUSED_OF_TEN]
    assert set(sent[1]) < set(sent[0])
    assert sorted(taken) == sorted(sent[0])


def _let_projects_be_due(site: Site) -> None:
    for _ in range(ENTRIES):
        project = uuid7()
        position = {"GSI1PK": keys.PROJECTS_DUE, "GSI1SK": f"{DUE_AT}#{project}"}
        item = {**keys.project_due(project), **position, "project_id": project, "due_at": DUE_AT, "since": 1}
        site.aws("dynamodb").put_item(TableName=site.outputs["table"], Item=to_item(item))
