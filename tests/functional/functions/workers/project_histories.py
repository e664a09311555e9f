"""Histories of commands: some that nobody disputes, and some in which everybody is in everybody's way."""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.functional.functions.workers.project_model import Model, Sheet
from tests.unit.events import projects as commands

Detail = dict[str, Any]

PAST, SOON, LATER = "2020-01-01T00:00:00.000Z", "2030-01-01T00:00:00.000Z", "2031-01-01T00:00:00.000Z"
TITLES = ("Analytical Engine", "Élan", "日本", "🎉")
MINUTES = st.integers(0, 500)

_KINDS = ("PatchProject", "PatchProject", "ReplaceProject", "RevertProject", "DeleteProject")
_ARRIVED = ((1,), (1,), (2,), (3,), (5,), (1, 2), (3, 5), (1, 2, 3), (2, 4, 5))
"""Which deliveries of a command reach the worker, one after the other."""
_TRASHED_KINDS = ("RestoreProject", "RestoreProject", "PurgeProject")


class Step(NamedTuple):
    """A command, and the version of which it tells the world that something is due, where it is a release."""

    detail: Detail
    since: int | None = None


class Delivery(NamedTuple):
    """A command that is delivered for the n-th time."""

    detail: Detail
    receive_count: int


def contents(titles: tuple[str, ...], slugs: tuple[str, ...]) -> dict[str, st.SearchStrategy[Any]]:
    """Return values for the fields that a history plays with."""
    return {
        "title": st.sampled_from(titles),
        "slug": st.sampled_from(slugs),
        "locale": st.sampled_from(["en", "de"]),
        "summary": st.sampled_from(["A", "B"]),
        "tags": st.lists(st.sampled_from(["x", "X", "y", "z"]), max_size=3),
        "date": st.sampled_from(["2024-05-01", "2025-01-01"]),
        "status": st.sampled_from(["draft", "published", "archived"]),
        "publish_at": st.sampled_from([PAST, SOON]),
        "unpublish_at": st.just(LATER),
        "featured": st.booleans(),
        "position": st.integers(0, 99),
        "custom": st.dictionaries(st.sampled_from("ab"), st.sampled_from("12"), max_size=2),
    }


def wholes(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Detail]:
    """Return contents that need nothing else."""
    optional = {name: values for name, values in fields.items() if name != "title"}
    return st.fixed_dictionaries({"title": fields["title"]}, optional=optional)


def patches(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Detail]:
    """Return merge patches of a content."""
    removable = {"slug", "summary", "tags", "date", "publish_at", "unpublish_at", "custom"}
    optional = {name: values | st.none() if name in removable else values for name, values in fields.items()}
    return st.fixed_dictionaries({}, optional=optional)


@st.composite
def undisputed(draw: st.DrawFn) -> list[Step]:
    """Draw a history of two projects in which each command is made for what the one before left, in causal order.

    The projects share no slug: which of two would get one is a matter of who comes first.
    """
    model, steps = Model(), []
    own = {1: contents(TITLES[:2], ("engine", "loom")), 2: contents(TITLES[2:], ("mill", "store"))}
    for number in range(1, draw(st.integers(3, 10)) + 1):
        if len(model.sheets) == len(own) and not model.documents():
            break
        step = draw(_next_step(model, number, own))
        model.deliver(step.detail)
        assert model.fates[step.detail["id"]] == "applied"
        steps.append(step)
    return steps


@st.composite
def _next_step(draw: st.DrawFn, model: Model, number: int, own: dict[int, dict[str, Any]]) -> Step:
    if number <= len(own):
        return Step(commands.create(number, minute=draw(MINUTES), **draw(wholes(own[number]))))
    living = [of for of in own if not model.sheets[commands.identifier(of)].purged]
    if draw(st.integers(0, 3)) == 0:
        return Step(_reordering(draw, number, living))
    of = draw(st.sampled_from(living))
    sheet = model.sheets[commands.identifier(of)]
    if sheet.due_at and draw(st.integers(0, 2)) == 0:
        return Step(commands.release(number, due_at=sheet.due_at, of=of), since=sheet.version)
    kind = draw(st.sampled_from(_TRASHED_KINDS if sheet.trashed else _KINDS))
    return Step(_versioned(draw, kind, number, of, sheet.version, own[of], sheet))


@st.composite
def disputed(draw: st.DrawFn) -> list[Delivery]:
    """Draw deliveries of commands to three projects: for any version, of any slug, repeated, some deliveries lost."""
    model = Model()
    given: list[Detail] = []
    fields = contents(TITLES[:2], ("engine", "loom"))
    deliveries: list[Delivery] = []
    for number in range(1, draw(st.integers(4, 16)) + 1):
        if given and draw(st.integers(0, 4)) == 0:
            detail = draw(st.sampled_from(given))
        else:
            detail = _any_command(draw, model, number, fields)
            given.append(detail)
        for receive_count in draw(st.sampled_from(_ARRIVED)):
            model.deliver(detail, receive_count=receive_count)
            deliveries.append(Delivery(detail, receive_count))
    return deliveries


def _any_command(draw: st.DrawFn, model: Model, number: int, fields: dict[str, Any]) -> Detail:
    if number == 1 or (number <= 3 and draw(st.booleans())):
        return commands.create(number, minute=draw(MINUTES), **draw(wholes(fields)))
    of = draw(st.sampled_from([1, 1, 2, 3]))
    if draw(st.integers(0, 5)) == 0:
        return _reordering(draw, number, draw(st.sampled_from([[of], [1, 2], [1, 2, 3]])))
    sheet = model.sheets.get(commands.identifier(of))
    if sheet and not sheet.purged and draw(st.integers(0, 5)) == 0:
        return commands.release(number, due_at=sheet.due_at or SOON, of=of)
    version = max(1, (sheet.version if sheet else 1) + draw(st.sampled_from([0, 0, 0, 0, -1, 1])))
    likely = _TRASHED_KINDS if sheet and not sheet.purged and sheet.trashed else _KINDS
    kind = draw(st.sampled_from([*likely, *likely, *_KINDS, *_TRASHED_KINDS]))
    return _versioned(draw, kind, number, of, version, fields, sheet)


def _reordering(draw: st.DrawFn, number: int, numbers: list[int]) -> Detail:
    chosen = draw(st.lists(st.sampled_from(numbers), min_size=1, unique=True))
    positions = {of: draw(st.integers(0, 99)) for of in chosen}
    return commands.reorder(number, positions, minute=draw(MINUTES))


def _versioned(
    draw: st.DrawFn, kind: str, number: int, of: int, version: int, fields: dict[str, Any], sheet: Sheet | None
) -> Detail:
    minute = draw(MINUTES)
    if kind == "PatchProject":
        return commands.patch(number, version=version, of=of, minute=minute, **draw(patches(fields)))
    if kind == "ReplaceProject":
        return commands.replace(number, version=version, of=of, minute=minute, **draw(wholes(fields)))
    more = {}
    if kind == "RevertProject":
        known = sorted(sheet.history) if sheet else []
        more["to_version"] = draw(st.sampled_from([*known, *known, 99] if sheet is None or sheet.purged else known))
    return commands.change(kind, number, version=version, of=of, minute=minute, **more)
