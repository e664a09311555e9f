"""Requests that Schemathesis makes from the OpenAPI document, as they are and aimed at what exists."""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case as GenericCase
from schemathesis import GenerationMode

from schemas.openapi import openapi_document
from schemas.routes import ROUTES, Role, Route
from tests.unit.properties import reproducible

type Case = GenericCase[Any]

_EACH = settings(reproducible, phases=[Phase.generate], database=None, suppress_health_check=[*HealthCheck])
_AIMS, _VERSIONS = 2, 4


class Records(NamedTuple):
    """What requests are aimed at.

    Parameters
    ----------
    ids, doomed
        Ids by the family of routes, such as `contact`: of what stays, and of what may be erased.
    slugs, previews
        Slugs of projects, former ones among them, and the tokens of preview links.
    cursors
        Cursors by path.
    callers
        Headers of who has a role.
    key
        The header that opens the route that needs a key.
    """

    ids: dict[str, list[str]]
    doomed: dict[str, list[str]]
    slugs: list[str]
    previews: list[str]
    cursors: dict[str, list[str]]
    callers: dict[Role, dict[str, str]]
    key: dict[str, str]


class Sample(NamedTuple):
    """A request, and the headers that say who sends it."""

    route: Route
    case: Case
    caller: dict[str, str]


def samples(records: Records, *, each: int, few: int) -> Iterator[Sample]:
    """Yield requests for every route; the same ones for the same records.

    A case is sent as it was made, and twice aimed at records: to make one costs more than to send it.

    Parameters
    ----------
    records
        What to aim at.
    each, few
        Cases for a route in each mode, valid and not; `few`, none of them aimed, where the stage limits it narrowly.
    """
    document = schemathesis.openapi.from_dict(_without_lengths(openapi_document()))
    chance = random.Random(20)
    for route in ROUTES:
        # What has neither parameters nor a body can't be called in a wrong way.
        modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE][: 1 if route.function is None else 2]
        for mode in modes:
            for case in _cases(document[route.path][route.method], mode, few if route.throttle else each):
                aims = 0 if route.throttle else _AIMS
                made = [case, *(_aimed(route, case, records, chance) for _ in range(aims))]
                yield from (Sample(route, one, _caller(route, one, records, chance)) for one in made)


def _cases(operation: Any, mode: GenerationMode, count: int) -> list[Case]:
    found: list[Case] = []

    @settings(_EACH, max_examples=count)
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


def _without_lengths(schema: Any) -> Any:
    """Return a schema whose patterns stand alone; what is too long is among the raw requests.

    Schemathesis makes pattern and length into one automaton of thousands of states: a case takes seconds.
    """
    if isinstance(schema, list):
        return [_without_lengths(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    lengths = {"minLength", "maxLength"} if isinstance(schema.get("pattern"), str) else set()
    return {name: _without_lengths(value) for name, value in schema.items() if name not in lengths}


def _caller(route: Route, case: Case, records: Records, chance: random.Random) -> dict[str, str]:
    """Return who sends a request: mostly somebody who may, sometimes a lower role, nobody, or what the case made up."""
    key = records.key if chance.random() < 0.8 else {}
    luck = chance.random()
    if luck < 0.06:
        return key
    if luck < 0.10:
        return {**key, **records.callers[Role.VIEWER]}
    if luck < 0.18 and "Authorization" in case.headers:
        return {**key, "Authorization": str(case.headers["Authorization"])}
    return {**key, **records.callers[max(route.role, Role.EDITOR)]}


def _aimed(route: Route, case: Case, records: Records, chance: random.Random) -> Case:
    """Return a case that names what exists, where it names anything."""
    aimed = case.derive()
    # A derived case shares its metadata with its origin, which changes them while another thread sends it.
    aimed._meta = deepcopy(aimed._meta)
    family = route.path.split("/")[2]
    if "{id}" in route.path:
        aimed.path_parameters["id"] = chance.choice(_names(route, records, family))
    if "{version}" in route.path:
        aimed.path_parameters["version"] = chance.randint(1, _VERSIONS)
    if route.method in {"PUT", "PATCH", "DELETE"} or family == "projects":
        _aim_headers(aimed, chance)
    for name, make in _QUERY.items():
        if name in _parameters(case) and chance.random() < 0.5:
            aimed.query[name] = make(route, records, chance)
    if isinstance(aimed.body, dict):
        aimed.body = _aimed_body(aimed.body, records, chance)
    return aimed


def _names(route: Route, records: Records, family: str) -> list[str]:
    if route.method == "DELETE" or route.path.endswith("/purge"):
        return records.doomed[family]
    may_be_slug = (route.method, route.path) == ("GET", "/api/projects/{id}")
    return records.ids[family] + (records.slugs if may_be_slug else [])


def _whole(value: Any) -> Any:
    """Return a value with 2.0 as 2: JSON Schema takes both for whole numbers, the functions only the second."""
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _parameters(case: Case) -> set[str]:
    return {parameter.name for parameter in case.operation.query}


def _aim_headers(case: Case, chance: random.Random) -> None:
    case.headers.pop("If-Match", None)
    if chance.random() < 0.9:
        case.headers["If-Match"] = f'"{chance.randint(1, _VERSIONS)}-{chance.getrandbits(64):016x}"'
    if chance.random() < 0.03:
        case.headers["Prefer"] = "wait=1"
    if chance.random() < 0.1:
        case.headers["Idempotency-Key"] = f"again-{chance.randint(1, 3)}"


def _aimed_body(made: dict[str, Any], records: Records, chance: random.Random) -> dict[str, Any]:
    body: dict[str, Any] = _whole(made)
    if "version" in body:
        body["version"] = chance.randint(1, _VERSIONS)
    positions = body.get("positions")
    entries = [entry for entry in positions if isinstance(entry, dict)] if isinstance(positions, list) else []
    for entry, project in zip(entries, records.ids["projects"], strict=False):
        entry["id"] = project
    return body


_Make = Callable[[Route, Records, random.Random], Any]

_QUERY: dict[str, _Make] = {
    "cursor": lambda route, records, chance: chance.choice(records.cursors.get(route.path, [""])),
    "preview": lambda _, records, chance: chance.choice(records.previews),
    "locale": lambda _route, _records, chance: chance.choice(["en", "de", "pt-BR"]),
    "fields": lambda _route, _records, chance: chance.choice(["title", "title,slug", "id, version"]),
    "against": lambda _route, _records, chance: chance.randint(1, _VERSIONS),
}
"""Values of query parameters that mean something."""
