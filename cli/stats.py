"""Show what was counted of visits."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from cli.projects.access import caller
from cli.projects.api import StageApi
from cli.projects.errors import RefusedError, StageApiError
from cli.target import LOCAL, StageOption, target
from cli.visits.tables import show
from local.errors import LocalError
from schemas.analytics_parameters import DIMENSIONS, REPORT_PARAMETERS
from schemas.routes import Role

_PATH = "/api/analytics"
_INVALID = 400


_PERIODS, _INTERVALS = REPORT_PARAMETERS["period"]["enum"], REPORT_PARAMETERS["interval"]["enum"]
PeriodName = StrEnum("PeriodName", {name: name for name in _PERIODS})  # type: ignore[misc]
IntervalName = StrEnum("IntervalName", {name: name for name in _INTERVALS})  # type: ignore[misc]
DimensionName = StrEnum("DimensionName", {name: name for name in DIMENSIONS})  # type: ignore[misc]


def stats(  # noqa: PLR0913  options, each by its name
    *,
    site: Annotated[str | None, typer.Option(help="A site of the stage; without it, the first.")] = None,
    period: Annotated[PeriodName | None, typer.Option(help="Ends today; without it, 30d.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="In place of --period: the first day.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day; without it, today.")] = None,
    interval: Annotated[IntervalName | None, typer.Option(help="What the sparklines have a bar for.")] = None,
    dimension: Annotated[DimensionName | None, typer.Option("--dimension", "--by", help="What to list.")] = None,
    metrics: Annotated[
        str | None, typer.Option(metavar="NAME,...", help="Only these; the list is ordered by the first.")
    ] = None,
    narrowed: Annotated[
        str | None, typer.Option("--filter", metavar="DIMENSION:VALUE", help="Only what is of this value.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Lines of the list, beside that of all others.")] = 20,
    compare: Annotated[bool, typer.Option("--compare", help="Beside the period before, of as many days.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, as the API answers it.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV: the list, or the course where there is none.")] = False,
    stage: StageOption = LOCAL,
) -> None:
    """Show what was counted of the visits to a site: totals, their course, and a list by what you ask for.

    You work as a viewer: sign in with 'sitewire login'. On the local stage
    nobody has to be signed in. Days are those of the site's time zone. Visitors
    of several days are the sum of each day's. Hours are kept for 90 days.

    Example: sitewire stats --period 7d --by page

    Example: sitewire stats --from 2026-01-01 --to 2026-03-31 --interval month --compare

    Example: sitewire stats --filter event:signup --by property

    Example: sitewire stats --by referrer --metrics visitors,bounce_rate --csv > referrers.csv
    """
    if as_json and as_csv:
        message = "--json and --csv don't go together"
        raise typer.BadParameter(message)
    query = {
        "site": site,
        "period": period,
        "from": first,
        "to": last,
        "interval": interval,
        "dimension": dimension,
        "metrics": metrics,
        "filter": narrowed,
        "limit": str(limit),
        "compare": "previous" if compare else None,
    }
    with _told():
        place = target(stage)
        api = StageApi(place.api_url, caller(place, Role.VIEWER), role=Role.VIEWER)
        if as_csv:
            sys.stdout.buffer.write(api.text(_PATH, **query, format="csv").encode())
            return
        report = api.get(_PATH, **query)
    if as_json:
        typer.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        show(report)


@contextmanager
def _told() -> Iterator[None]:
    """Tell a person what the API refuses, as bad input where it is that, and what fails."""
    try:
        yield
    except StageApiError as error:
        if isinstance(error, RefusedError) and error.status == _INVALID:
            raise typer.BadParameter(error.detail) from None
        raise LocalError(str(error)) from None
