import json
from typing import Any

import pytest

from shared.projects.project import KEPT_SLUGS, KEPT_VERSIONS, LARGEST_CONTENT, Project
from tests.functional.functions.workers.project_bench import ProjectBench
from tests.functional.functions.workers.project_traces import require_exact
from tests.unit.events import projects as commands

IDENTIFIER = commands.identifier(1)
CREATE = commands.create(1, summary="A")


def test_a_project_is_created_and_the_world_is_told(bench: ProjectBench) -> None:
    assert bench.deliver(CREATE) == []

    assert (bench.document(IDENTIFIER)["summary"], bench.fate(CREATE)) == ("A", "applied")
    assert bench.facts == [("ProjectCreated", IDENTIFIER)]
    require_exact(bench)


def test_a_command_that_is_delivered_again_changes_nothing_and_tells_nothing(bench: ProjectBench) -> None:
    patch = commands.patch(2, version=1, summary="B")
    bench.deliver(CREATE, patch)
    before = bench.items()

    assert bench.deliver(patch, CREATE, patch) == []

    assert bench.items() == before
    assert bench.facts == [("ProjectCreated", IDENTIFIER), ("ProjectUpdated", patch["id"])]


def test_of_two_commands_for_one_version_the_first_wins_and_the_other_is_told(bench: ProjectBench) -> None:
    first, second = (commands.patch(number, version=1, summary=str(number)) for number in (2, 3))

    bench.deliver(CREATE, first, second)

    assert bench.document(IDENTIFIER)["summary"] == "2"
    assert (bench.fate(first), bench.fate(second)) == ("applied", "rejected: conflict")


def test_commands_that_come_in_reverse_are_applied_in_order(bench: ProjectBench) -> None:
    first, second = commands.patch(2, version=1, summary="B"), commands.patch(3, version=2, client="Ada")

    waiting = [
        bench.deliver(second, first, CREATE),
        bench.deliver(second, first, receive_count=2),
        bench.deliver(second, receive_count=3),
    ]

    assert waiting == [[second["id"], first["id"]], [second["id"]], []]
    document = bench.document(IDENTIFIER)
    assert (document["version"], document["summary"], document["client"]) == (3, "B", "Ada")


def test_a_command_whose_predecessor_never_comes_is_rejected_for_good(bench: ProjectBench) -> None:
    patch = commands.patch(2, version=1, summary="B")

    waiting = [bench.deliver(patch, receive_count=count) for count in (1, 2, 3)]
    bench.deliver(CREATE, patch)

    assert waiting == [[patch["id"]], [patch["id"]], []]
    assert bench.fate(patch) == "rejected: not_found"
    assert bench.document(IDENTIFIER)["summary"] == "A"


def test_deliveries_that_were_lost_do_not_shorten_the_wait_of_a_command(bench: ProjectBench) -> None:
    patch = commands.patch(2, version=1, summary="B")

    assert bench.deliver(patch, receive_count=4) == [patch["id"]]
    assert bench.deliver(CREATE, patch, receive_count=5) == []

    assert bench.document(IDENTIFIER)["summary"] == "B"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "RenameProject"}, {"name": "ProjectCreated"}, {"version": 2}, {"data": {}},
        {"data": {"project": [], "author": "a"}}, {"occurred_at": "2026-08-16T17:22:26"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_command_stays_in_the_queue(bench: ProjectBench, wrong: dict[str, Any]) -> None:
    assert bench.deliver({**CREATE, **wrong}) == [IDENTIFIER]

    assert bench.items() == {}


def test_who_asks_for_a_taken_slug_is_rejected(bench: ProjectBench) -> None:
    taker = commands.create(2, slug="analytical-engine")

    bench.deliver(CREATE, taker)

    assert bench.fate(taker) == "rejected: slug_taken"
    assert bench.get(taker["id"]) is None
    require_exact(bench)


def test_a_slug_that_was_taken_meanwhile_is_made_anew(bench: ProjectBench) -> None:
    rival = commands.create(2)
    bench.before_transaction(lambda: bench.apply(rival))

    bench.deliver(CREATE)

    assert bench.document(rival["id"])["slug"] == "analytical-engine"
    assert bench.document(IDENTIFIER)["slug"] == "analytical-engine-2"
    require_exact(bench)


def test_a_project_that_was_written_meanwhile_is_read_again(bench: ProjectBench) -> None:
    bench.deliver(CREATE)
    order, patch = commands.reorder(2, {1: 9}), commands.patch(3, version=1, summary="B")
    bench.before_transaction(lambda: bench.apply(order))

    bench.deliver(patch)

    document = bench.document(IDENTIFIER)
    assert (document["position"], document["summary"]) == (9, "B")
    require_exact(bench)


def test_a_project_that_is_restored_meanwhile_is_not_purged(bench: ProjectBench) -> None:
    restore, purge = commands.change("RestoreProject", 3, version=2), commands.change("PurgeProject", 4, version=2)
    bench.deliver(CREATE, commands.change("DeleteProject", 2, version=1))
    bench.before_transaction(lambda: bench.apply(restore))

    bench.deliver(purge)

    assert (bench.version(IDENTIFIER), bench.fate(purge)) == (3, "rejected: conflict")
    require_exact(bench)


def test_a_command_that_another_worker_applies_meanwhile_is_applied_once(bench: ProjectBench) -> None:
    bench.deliver(CREATE)
    patch = commands.patch(2, version=1, summary="B")
    bench.before_transaction(lambda: bench.apply(patch))

    assert bench.deliver(patch) == []

    assert (bench.document(IDENTIFIER)["version"], bench.fate(patch)) == (2, "applied")


def test_the_last_versions_are_kept(bench: ProjectBench) -> None:
    bench.deliver(CREATE)

    for version in range(1, KEPT_VERSIONS + 3):
        bench.deliver(commands.patch(version + 1, version=version, summary=str(version)))

    versions = [place[1] for place in bench.items() if place[1].startswith("VERSION#")]
    assert len(versions) == KEPT_VERSIONS
    require_exact(bench)


def test_the_last_slugs_lead_to_the_project_and_others_are_free_again(bench: ProjectBench) -> None:
    bench.deliver(commands.create(1, slug="s0"))
    for version in range(1, KEPT_SLUGS + 3):
        bench.deliver(commands.patch(version + 1, version=version, slug=f"s{version}"))

    bench.deliver(commands.create(90, slug="s1"), commands.create(91, slug="s2"))

    assert bench.fates()[commands.identifier(90)] == "applied"
    assert bench.fates()[commands.identifier(91)] == "rejected: slug_taken"
    require_exact(bench)


@pytest.mark.parametrize(
    "changes",
    [
        {"tags": ["y", "z"]}, {"tags": None}, {"featured": False}, {"date": "2023-01-01"}, {"date": None},
        {"status": "published"}, {"locale": "de"}, {"slug": "loom"}, {"publish_at": None}, {"title": "Loom"},
        {"status": "archived", "tags": ["X"], "locale": "fr", "slug": None, "date": "2020-02-29", "featured": False},
    ],
    ids=str,
)  # fmt: skip
def test_no_change_leaves_anything_of_before(bench: ProjectBench, changes: dict[str, Any]) -> None:
    listed: dict[str, Any] = {
        "tags": ["x", "y"],
        "featured": True,
        "date": "2024-05-01",
        "publish_at": "2030-01-01T00:00:00.000Z",
    }
    bench.deliver(commands.create(1, **listed), commands.patch(2, version=1, **changes))

    assert bench.version(IDENTIFIER) == 2
    require_exact(bench)


def test_after_a_purge_nothing_is_left_but_the_ledger_and_that_there_was_one(bench: ProjectBench) -> None:
    listed: dict[str, Any] = {"tags": ["x"], "featured": True, "publish_at": "2030-01-01T00:00:00.000Z"}
    bench.deliver(
        commands.create(1, slug="a", **listed),
        commands.patch(2, version=1, slug="b", locale="de"),
        commands.change("DeleteProject", 3, version=2),
        commands.change("PurgeProject", 4, version=3),
    )

    items = {place: item for place, item in bench.items().items() if not place[0].startswith("LEDGER#")}

    assert items.keys() == {(f"PROJECT#{IDENTIFIER}", "RECORD"), ("PROJECTS", "LOCALES")}
    assert items[f"PROJECT#{IDENTIFIER}", "RECORD"].keys() == {"PK", "SK", "expires_at"}


def test_a_purged_project_is_not_created_again(bench: ProjectBench) -> None:
    bench.deliver(CREATE, commands.change("DeleteProject", 2, version=1), commands.change("PurgeProject", 3, version=2))
    entry = (f"LEDGER#{IDENTIFIER}", "apply_project")
    bench.dynamodb.delete_item(TableName="sitewire-local", Key={"PK": {"S": entry[0]}, "SK": {"S": entry[1]}})

    bench.deliver(CREATE)

    require_exact(bench)
    assert "document" not in bench.items()[f"PROJECT#{IDENTIFIER}", "RECORD"]


def test_a_locale_is_known_once_there_is_a_project_in_it(bench: ProjectBench) -> None:
    bench.deliver(CREATE, commands.patch(2, version=1, locale="de"), commands.create(3, locale="de"))

    assert bench.items()["PROJECTS", "LOCALES"]["locales"] == {"en", "de"}


def test_the_history_holds_each_version_without_its_position(bench: ProjectBench) -> None:
    bench.deliver(CREATE, commands.reorder(2, {1: 9}), commands.patch(3, version=1, summary="B"))

    items = bench.items()
    versions = [
        json.loads(items[f"PROJECT#{IDENTIFIER}", f"VERSION#00000000{number}"]["document"]) for number in (1, 2)
    ]
    assert [version["summary"] for version in versions] == ["A", "B"]
    assert not any("position" in version for version in versions)


def test_what_several_commands_together_make_too_large_for_the_table_is_rejected(bench: ProjectBench) -> None:
    custom = {f"field {number}": "🎉" * 2000 for number in range(30)}
    patch = commands.patch(2, version=1, custom=custom)

    assert bench.deliver(commands.create(1, body="🎉" * 60_000), patch) == []

    assert bench.fate(patch) == "rejected: too_large"
    assert bench.version(IDENTIFIER) == 1


def test_the_largest_project_fits_into_the_table(bench: ProjectBench) -> None:
    slugs = ["-".join(["x" * 9] * 9 + [f"{number:010d}"]) for number in range(KEPT_SLUGS + 1)]
    bench.deliver(commands.create(1, slug=slugs[0], body="🎉" * 99_800))
    for version, slug in enumerate(slugs[1:], 1):
        bench.deliver(commands.patch(version + 1, version=version, slug=slug))
    project = bench.get(IDENTIFIER)
    assert isinstance(project, Project)
    written = len(json.dumps(project.content(), separators=(",", ":"), ensure_ascii=False).encode())

    last = commands.patch(90, version=KEPT_SLUGS + 1, summary="x" * (LARGEST_CONTENT - written - len('"summary":"",')))

    assert bench.deliver(last) == []
    assert bench.fate(last) == "applied"
