import itertools
from typing import TYPE_CHECKING, Any

import pytest

from schemas.projects import MOST_TAGS
from shared.ledger import Ledger
from shared.projects.project import KEPT_SLUGS, KEPT_VERSIONS, Project, Purged
from shared.table.projects import ProjectTable
from shared.table.transactions import LARGEST, ConditionError, transact
from tests.functional.conftest import TABLE
from tests.unit.events import projects as commands
from tests.unit.shared.projects.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb.client import DynamoDBClient

IDENTIFIER = commands.identifier(1)
NOON = 1769860800
SCHEDULE = ("2030-01-01T00:00:00.000Z", "2031-01-01T00:00:00.000Z")


@pytest.fixture
def projects(dynamodb: "DynamoDBClient") -> ProjectTable:
    return ProjectTable(dynamodb, TABLE)


def full(which: int, **changes: Any) -> dict[str, Any]:
    """Return a content that is in as many lists as it can be; of another one, all but two of them are others."""
    return {
        "tags": [f"tag {which} {number}" for number in range(MOST_TAGS)],
        "featured": True,
        "date": f"202{which}-01-01",
        "publish_at": SCHEDULE[which],
        **changes,
    }


def long_lived() -> Desk:
    """Return a project with as many versions and former slugs as are kept."""
    desk = Desk(slug="s0", **full(0))
    for version in range(1, KEPT_VERSIONS + 5):
        desk.apply(commands.patch(version + 1, version=version, slug=f"s{version}"))
    return desk


def key_of(write: Any) -> tuple[str, str]:
    (action,) = write.values()
    key = action.get("Key") or action["Item"]
    return key["PK"]["S"], key["SK"]["S"]


def test_a_project_is_read_as_it_was_written(projects: ProjectTable, dynamodb: "DynamoDBClient") -> None:
    desk = Desk(slug="a", summary="Größe", custom={"a": "1"})
    desk.place(commands.reorder(2, {1: 9}))
    project = desk.apply(commands.patch(3, version=1, slug="b"))

    transact(dynamodb, projects.writes(None, project, now=NOON))

    assert projects.get(IDENTIFIER) == project
    assert project.former == (("en", "a"),)


def test_where_there_never_was_a_project_there_is_none(projects: ProjectTable) -> None:
    assert projects.get(IDENTIFIER) is None
    assert projects.version(IDENTIFIER, 1) is None
    assert projects.owner(("en", "a")) is None


def test_what_was_purged_is_known_to_have_been_for_as_long_as_a_command_can_live(
    projects: ProjectTable, dynamodb: "DynamoDBClient"
) -> None:
    desk = Desk(summary="A")
    transact(dynamodb, projects.writes(None, desk.project, now=NOON))

    transact(dynamodb, projects.writes(desk.project, Purged(IDENTIFIER), now=NOON + 0.9))

    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    assert item["expires_at"] == {"N": str(NOON + 60 * 24 * 3600)}
    assert projects.get(IDENTIFIER) == Purged(IDENTIFIER)


@pytest.mark.parametrize("target", ["created twice", "changed twice"])
def test_what_was_written_meanwhile_is_not_overwritten(
    projects: ProjectTable, dynamodb: "DynamoDBClient", target: str
) -> None:
    desk = Desk(summary="A")
    first = desk.project
    second = desk.apply(commands.patch(2, version=1, summary="B"))
    transact(dynamodb, projects.writes(None, first, now=NOON))
    transact(dynamodb, projects.writes(first, second, now=NOON))

    with pytest.raises(ConditionError) as error:
        transact(dynamodb, projects.writes(None if target == "created twice" else first, second, now=NOON))

    assert 0 in error.value.writes


def test_a_slug_that_another_has_is_not_taken(projects: ProjectTable, dynamodb: "DynamoDBClient") -> None:
    transact(dynamodb, projects.writes(None, Desk(slug="a").project, now=NOON))
    other = Desk()
    other.apply(commands.create(1, slug="a"))
    rival = other.project._replace(document={**other.project.document, "id": commands.identifier(2)})

    with pytest.raises(ConditionError) as error:
        transact(dynamodb, projects.writes(None, rival, now=NOON))

    assert error.value.writes == {1}
    assert projects.owner(("en", "a")) == IDENTIFIER


def test_a_change_of_position_writes_no_version_and_no_schedule(projects: ProjectTable) -> None:
    desk = Desk(**full(0))
    before = desk.project

    writes = projects.writes(before, desk.place(commands.reorder(2, {1: 9})), now=NOON)

    assert {key_of(write)[1].partition("#")[0] for write in writes} == {"RECORD", "ENTRY"}


def test_a_schedule_that_stays_is_due_since_it_was_made(projects: ProjectTable) -> None:
    desk = Desk(publish_at=SCHEDULE[0])
    before = desk.project

    writes = projects.writes(before, desk.apply(commands.patch(2, version=1, summary="B")), now=NOON)

    assert (f"PROJECT#{IDENTIFIER}", "DUE") not in map(key_of, writes)


def test_the_largest_change_fits_into_one_transaction_with_its_ledger_entry(
    projects: ProjectTable, dynamodb: "DynamoDBClient", show_figure: "Callable[[str], None]"
) -> None:
    desk = long_lived()
    before = desk.project
    transact(dynamodb, projects.writes(None, before, now=NOON))
    assert (len(before.former), before.version) == (KEPT_SLUGS, KEPT_VERSIONS + 5)

    after = desk.apply(commands.patch(99, version=before.version, slug="new", locale="de", **full(1)))
    writes = projects.writes(before, after, now=NOON)

    assert Ledger(dynamodb, TABLE).apply("m-1", "projects", writes, outbox="facts")
    show_figure(f"largest change of a project: {len(writes) + 1} of {LARGEST} writes")
    assert len(writes) + 1 <= LARGEST


def test_no_other_change_of_what_lists_are_narrowed_by_is_larger(projects: ProjectTable) -> None:
    choices = {
        "tags": [full(0)["tags"], full(1)["tags"], [*full(0)["tags"][:5], *full(1)["tags"][:5]], []],
        "featured": [True, False],
        "date": ["2020-01-01", "2021-01-01", None],
        "status": ["draft", "published", "archived"],
    }
    changes = [dict(zip(choices, values, strict=True)) for values in itertools.product(*choices.values())]
    desk = long_lived()
    before = desk.project

    sizes = []
    for change in changes:
        desk.state = before
        after = desk.apply(commands.patch(99, version=before.version, slug="new", locale="de", **change))
        sizes.append(len(projects.writes(before, after, now=NOON)))

    assert max(sizes) + 1 <= LARGEST


def test_the_largest_purge_fits_into_one_transaction_with_its_ledger_entry(
    projects: ProjectTable, dynamodb: "DynamoDBClient", show_figure: "Callable[[str], None]"
) -> None:
    desk = long_lived()
    before = desk.apply(commands.change("DeleteProject", 99, version=desk.project.version))
    transact(dynamodb, projects.writes(None, before, now=NOON))

    writes = projects.writes(before, Purged(IDENTIFIER), now=NOON)

    assert Ledger(dynamodb, TABLE).apply("m-1", "projects", writes, outbox="facts")
    show_figure(f"largest purge of a project: {len(writes) + 1} of {LARGEST} writes")
    assert len(writes) + 1 <= LARGEST


@pytest.mark.parametrize("after", ["changed", "purged"])
def test_no_two_writes_of_a_transaction_are_of_one_item(projects: ProjectTable, after: str) -> None:
    desk = long_lived()
    before = desk.project
    changed = desk.apply(commands.patch(99, version=before.version, slug="new", locale="de", **full(1)))
    target: Project | Purged = changed if after == "changed" else Purged(IDENTIFIER)

    keys = [key_of(write) for write in projects.writes(before, target, now=NOON)]

    assert len(set(keys)) == len(keys)
