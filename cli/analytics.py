"""Analytics: forget what was counted."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from cli.console import err, plain
from cli.counting import counting
from cli.dlq_place import Yes
from cli.target import LOCAL, StageOption, target
from cli.visits.erasure import EARLIEST, Erasure, Span
from cli.visits.errors import ErasureError
from local.errors import LocalError

app = typer.Typer(no_args_is_help=True, help="Analytics: what was counted of visits; 'sitewire stats' shows it.")

Day = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DATE", help="The first day.")]
LastDay = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DATE", help="The last day.")]


@app.callback()
def _commands() -> None:
    pass


@app.command()
def forget(
    *,
    site: Annotated[str, typer.Option(help="The site's name, as 'sitewire stats' shows it.")],
    first: Day = None,
    last: LastDay = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be erased.")] = False,
    yes: Yes = False,
    stage: StageOption = LOCAL,
) -> None:
    """Erase what was counted of a site, or of some of its days; asks for the site's name.

    Gone are the numbers of days and hours, the states of visitors, and who is
    there. Works with your AWS credentials. What comes in meanwhile, and what
    still lies in the queue or its dead letters, is counted anew. Visits that go
    on meanwhile leave small errors, so today is best erased tomorrow.

    Ctrl-C or a crash leaves nothing half done: run the same command again to go
    on. What is erased can be restored for 35 days, with all else in the table,
    from the table's backup.

    Example: sitewire analytics forget --site example.org --dry-run

    Example: sitewire analytics forget --site example.org --from 2026-11-01 --to 2026-11-30

    Example: sitewire analytics forget --site example.org --stage production --yes
    """
    span = _span(first, last)
    place = target(stage)
    erasure = Erasure(place.client("dynamodb"), place.table, site, span, today=_today())
    is_whole = first is None and last is None
    days = "all that was ever counted" if is_whole else f"what was counted from {span.first} to {span.last}"
    if not (dry_run or yes):
        question = f"This erases {days} of {site} on {stage}. Type the site's name"
        if typer.prompt(question, err=True) != site:
            message = "that is not the site's name: nothing was erased"
            raise typer.BadParameter(message)
    try:
        with counting("Looking" if dry_run else "Erasing", erasure.steps) as advance:
            count = erasure.run(advance, dry_run=dry_run)
    except ErasureError as error:
        raise LocalError(str(error)) from None
    except KeyboardInterrupt:
        err.print("Interrupted: run the same command again to go on.")
        raise
    if not count:
        hint = " 'sitewire stats' shows the names of sites." if is_whole else ""
        err.print(plain(f"There was nothing of {site} on {stage}: {days}.{hint}"))
        return
    items = f"{count:,} {'item' if count == 1 else 'items'}"
    err.print(plain(f"{'Would erase' if dry_run else 'Erased'} {items} of {site} on {stage}: {days}."))


def _span(first: datetime | None, last: datetime | None) -> Span:
    """Return the days that are meant; without any, all that there can be.

    Days are those of a site, which may be one ahead of ours.
    """
    tomorrow = _today()
    begins, ends = first.date() if first else EARLIEST, last.date() if last else tomorrow
    if first and last and begins > ends:
        message = "--from must not be after --to"
        raise typer.BadParameter(message)
    if begins > tomorrow or ends < EARLIEST:
        message = f"nothing can have been counted on those days, only from {EARLIEST} to {tomorrow}"
        raise typer.BadParameter(message)
    return Span(max(begins, EARLIEST), min(ends, tomorrow))


def _today() -> date:
    """Return the last day that anybody may have been counted on, wherever the site is."""
    return datetime.now(UTC).date() + timedelta(days=1)
