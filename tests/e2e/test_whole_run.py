"""What only the whole tier can show; runs after every other test of it."""

from collections.abc import Callable

import pytest

from infra.names import ALIAS, Names
from local.logs import read_logs
from local.paths import BUILD
from local.privileges import NOT_ENFORCED, Report, compare, granted
from tests.e2e.conftest import Site, eventually
from tests.log_lines import misfits

pytestmark = pytest.mark.last

MINUTE_AND_A_TICK_SECONDS = 75
REPORT = BUILD.parent / "iam-report.md"


@pytest.fixture(scope="module")
def report(site: Site) -> Report:
    """Compare what was granted with what the tests have used."""
    functions = site.outputs["functions"]
    grants = granted(site.aws("iam"), site.aws("lambda"), functions)
    found = compare(grants, site.decisions, functions)
    REPORT.write_text("\n".join(found.lines()) + "\n")
    return found


def test_every_grant_is_used(report: Report, show_figure: Callable[[str], None]) -> None:
    show_figure(
        f"least privilege: {len(report.used)} grants used, {len(report.not_enforced)} not enforced here, "
        f"{len(report.unused)} unused, {len(report.denied)} denied"
    )
    assert report.used
    assert report.unused == []


def test_no_function_asked_for_more_than_it_is_granted(report: Report) -> None:
    assert report.denied == []


def test_what_is_not_enforced_here_is_granted_to_somebody(report: Report) -> None:
    assert {grant.action for grant in report.not_enforced} == NOT_ENFORCED.keys()


def test_no_log_holds_a_secret_or_what_a_person_wrote(site: Site, show_figure: Callable[[str], None]) -> None:
    logs = site.aws("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    lines = [event.message for event in read_logs(logs, dict(zip(groups, groups, strict=True)))]

    found = {secret[:12] for secret in site.planted for line in lines if secret in line}

    show_figure(f"canaries in logs: {len(site.planted)} planted, {len(lines):,} lines read, {len(found)} found")
    assert site.planted
    assert lines
    assert found == set()


def test_every_line_that_a_function_wrote_fits_the_schema(site: Site, show_figure: Callable[[str], None]) -> None:
    groups = site.outputs["log_groups"]
    lines = [event.message for event in read_logs(site.aws("logs"), groups) if event.message.startswith("{")]

    wrong = [found for line in lines for found in misfits(line)]

    show_figure(f"log lines: {len(lines):,} written by {len(groups)} functions, {len(wrong)} do not fit the schema")
    assert lines
    assert wrong == []


def test_every_function_wrote_metrics(site: Site) -> None:
    groups = site.outputs["log_groups"]

    wrote = {event.function for event in read_logs(site.aws("logs"), groups) if '"CloudWatchMetrics"' in event.message}

    assert wrote == set(groups)


def test_the_clock_releases_projects_every_minute(site: Site) -> None:
    schedule = site.aws("scheduler").get_schedule(Name=Names(site.outputs["stage"]).release_schedule)

    released = eventually(lambda: _runs_by_the_clock(site), within=MINUTE_AND_A_TICK_SECONDS)

    assert (schedule["State"], schedule["ScheduleExpression"]) == ("ENABLED", "rate(1 minute)")
    assert schedule["Target"]["Arn"].endswith(f":{site.outputs['functions']['release_projects']}:{ALIAS}")
    assert released


def _runs_by_the_clock(site: Site) -> list[str]:
    """Return how runs of the live version began: the tests themselves run the latest code only."""
    group = site.outputs["log_groups"]["release_projects"]
    lines = [event.message for event in read_logs(site.aws("logs"), {"release_projects": group})]
    return [line for line in lines if line.startswith("START") and "$LATEST" not in line]
