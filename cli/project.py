"""Projects: bring them, and leave with them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO, get_args

import typer

from cli.console import err, plain, progress
from cli.counting import counting
from cli.projects.access import caller
from cli.projects.api import StageApi
from cli.projects.errors import FileError, ProjectTransferError
from cli.projects.export import Wanted, lines, listed, require_editor
from cli.projects.import_ import Import, Report
from cli.projects.lines import STANDARD, check, opened, projects
from cli.projects.part import Part
from cli.projects.summary import tell_export, tell_import
from cli.target import LOCAL, StageOption, Target, target
from local.errors import LocalError
from schemas.projects import ProjectStatus
from schemas.routes import Role

StatusName = StrEnum("StatusName", {name.upper(): name for name in get_args(ProjectStatus)})  # type: ignore[misc]
AsJson = Annotated[bool, typer.Option("--json", help="The summary in JSON on standard output, for scripts.")]

app = typer.Typer(no_args_is_help=True, help="Projects: bring them into a stage, and leave with them, as JSON Lines.")


@app.command("export")
def export_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Must not exist; - or nothing is standard output.")
    ] = STANDARD,
    *,
    status: Annotated[StatusName | None, typer.Option(help="Only these; without it all but the trash.")] = None,
    locale: Annotated[str | None, typer.Option(help="Only these, such as de or pt-BR.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be written.")] = False,
    as_json: AsJson = False,
    stage: StageOption = LOCAL,
) -> None:
    """Write every project of a stage: one JSON object a line, as the API answers it.

    You work as an editor: sign in with 'sitewire login'. On the local stage
    nobody has to be signed in.

    Until it is whole, FILE's place is held by one beside it that ends in .part.
    Ctrl-C or a crash loses none of that: run the same command again to go on, or
    remove it to begin anew. Drafts are in it: only you can read it.

    Exit codes:
    0 every project is written;
    1 the stage or the disk failed, run it again to go on;
    2 FILE exists or can't be written;
    130 interrupted, run it again to go on.

    Example: sitewire project export projects.jsonl --stage production

    Example: sitewire project export --status published --locale de | jq -r .title

    Example: sitewire project export --dry-run --json | jq .projects
    """
    to_standard = file == STANDARD
    if as_json and to_standard and not dry_run:
        message = "--json needs a FILE: projects go to standard output"
        raise typer.BadParameter(message)
    wanted = Wanted(status and str(status), locale)
    with _said():
        place = target(stage)
        api = _api(place)
        if dry_run:
            tell_export(len(_listed(api, wanted)), file, dry_run=True, as_json=as_json)
        elif to_standard:
            _write(api, wanted)
        else:
            part = Part(Path(file), place.stage, place.user_pool, *wanted)
            tell_export(_write_part(api, wanted, part), file, dry_run=False, as_json=as_json)


@app.command("import")
def import_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON Lines; - for standard input.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line, and send nothing.")] = False,
    run: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="A name for this import. Under another name the same lines are new: to try again what was rejected, "
            "or to bring back what was deleted.",
        ),
    ] = "",
    as_json: AsJson = False,
    stage: StageOption = LOCAL,
) -> None:
    """Create a project of each line: of what 'export' wrote, or of what POST /api/projects takes.

    You work as an editor: sign in with 'sitewire login'. On the local stage
    nobody has to be signed in. A line needs no more than a title:
    {"title": "Bridge", "status": "published", "date": "2026-05-01"}

    Every line is checked before the first is sent. Each mistake is told as
    FILE:line: pointer: reason, and then nothing is sent. Blank lines are skipped.
    The id, version, authors and times of an exported line are left out: the stage
    gives new ones.

    Ctrl-C or a crash loses nothing: run the same command again to go on. A line
    is sent with an Idempotency-Key made from its content and --run. So one person
    creates it once, however often it is sent within 60 days; one that was created
    before counts as created, and lines that say the same are one project. What
    was rejected (slug_taken, say) stays so until the line is changed, or sent
    under another --run.

    Exit codes:
    0 every line is a project now;
    1 some are rejected or not applied yet, or the stage failed;
    2 a line is no project, or FILE can't be read: nothing was sent;
    130 interrupted, run it again to go on.

    Example: sitewire project import projects.jsonl --dry-run

    Example: sitewire project import projects.jsonl --stage production --json | jq .rejected

    Example: sitewire project import backup.jsonl --run restored-in-may

    Example: sitewire project export | sitewire project import - --stage staging
    """
    with _said(), opened(file) as (source, name):
        with progress() as report:
            report(f"Checking {name}")
            count = check(source, name)
        if dry_run:
            tell_import(Report(), count, name, dry_run=True, as_json=as_json)
            return
        source.seek(0)
        api = _api(target(stage))
        running = Import(api, run)
        _send(running, source, count, name, as_json=as_json)
    if not running.report.is_success:
        raise typer.Exit(1)


def _api(place: Target) -> StageApi:
    """Return the API of a stage, once it is known that whoever is signed in may do all of this."""
    api = StageApi(place.api_url, caller(place, Role.EDITOR))
    require_editor(api)
    return api


def _listed(api: StageApi, wanted: Wanted) -> list[str]:
    with progress() as report:
        report("Listing projects")
        return listed(api, wanted)


def _write(api: StageApi, wanted: Wanted) -> None:
    """Write projects to standard output."""
    try:
        ids = _listed(api, wanted)
        with api.crew() as pool, counting("Exporting", len(ids)) as advance:
            for line in lines(api, pool, ids):
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
                advance(1)
    except KeyboardInterrupt:
        err.print("Interrupted: this is not all. An export to a FILE can be gone on with.")
        raise


def _write_part(api: StageApi, wanted: Wanted, part: Part) -> int:
    """Write the projects that are not in a part yet, give it its name, and return how many are in it."""
    with part.opened():
        try:
            if part.ids:
                err.print(plain(f"Going on with the {len(part.ids):,} in {part.path}; remove it to begin anew."))
            left = [identifier for identifier in _listed(api, wanted) if identifier not in part.ids]
            with api.crew() as pool, counting("Exporting", len(left)) as advance:
                for line in filter(None, lines(api, pool, left)):
                    part.write(line)
                    advance(1)
            count = part.count()
            part.finish()
        finally:
            if not part.is_finished:
                kept = part.count()
                where = f"{kept:,} are in {part.path}" if kept else "Nothing is written yet"
                err.print(plain(f"{where}: run the same command again to go on."))
    return count


def _send(running: Import, source: BinaryIO, count: int, name: str, *, as_json: bool) -> None:
    """Import with a progress bar, and tell in any case what became of the lines."""
    try:
        with counting("Importing", count) as advance:
            running.run(projects(source, name), advance)
    except KeyboardInterrupt:
        err.print("Interrupted: nothing is lost; run the same command again to go on.")
        raise
    finally:
        tell_import(running.report, count, name, dry_run=False, as_json=as_json)


@contextmanager
def _said() -> Iterator[None]:
    """Say what went wrong in a sentence, below the mistakes in a file."""
    try:
        yield
    except FileError as error:
        for detail in error.details:
            err.print(plain(detail))
        raise typer.BadParameter(str(error)) from None
    except ProjectTransferError as error:
        raise LocalError(str(error)) from None
