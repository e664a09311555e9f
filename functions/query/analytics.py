"""GET /api/analytics: what was counted of visits to a site, by day, hour or month, and by what."""

import os
import time
from datetime import date
from typing import Any

from functions.query.analytics_query import CSV, compares, is_csv, read_question, read_site
from functions.query.settings import AnalyticsSettings
from shared.analytics.dimensions import LIVE_MINUTES
from shared.analytics.periods import today
from shared.analytics.report import SITE, Question, Report
from shared.analytics.report_csv import to_csv
from shared.analytics.sites import Site, parse_sites
from shared.clients import client
from shared.http.conditional import tagged
from shared.http.endpoint import Endpoint
from shared.http.queries import flag
from shared.http.request import Request
from shared.http.response import Response
from shared.table.rollups import RollupTable

settings = AnalyticsSettings.from_environment(os.environ)
sites = parse_sites(settings.sites)
dynamodb = client("dynamodb")
rollups = RollupTable(dynamodb, settings.table_name)
clock = time.time


def answer(request: Request) -> Response:
    """Answer with a report, in JSON or as a table in CSV."""
    now = clock()
    site = read_site(request, sites)
    day = today(now, site.time_zone)
    question = read_question(request, today=day, time_zone=site.time_zone)
    has_comparison, is_live = compares(request), _is_live(request, question, day)
    answer_with = _csv if is_csv(request) else _json
    shards = rollups.shards(site.name)
    report = _counted(site, question, shards)
    more: dict[str, Any] = {}
    if has_comparison:
        _count_before(site, question, shards, report)
        more["comparison"] = report.comparison()
    if is_live:
        more["realtime"] = {"visitors": rollups.live(site.name, int(now // 60) - LIVE_MINUTES + 1, shards=shards)}
    response = answer_with(request, site, question, report, more)
    return response._replace(headers={**response.headers, "Vary": "Accept"})


def _counted(site: Site, question: Question, shards: int) -> Report:
    report, period = Report(question), question.period
    for group in report.groups:
        for rollup in rollups.days(site.name, group, period.first, period.last, shards=shards):
            report.count_day(group, rollup.day, rollup.document)
    if report.has_hours:
        for rollup in rollups.hours(site.name, report.subject_group, period.dates(), shards=shards):
            report.count_hour(rollup.day, rollup.hour, rollup.document)
    return report


def _count_before(site: Site, question: Question, shards: int, report: Report) -> None:
    before = question.period.previous()
    for rollup in rollups.days(site.name, report.subject_group, before.first, before.last, shards=shards):
        report.count_before(rollup.document)


def _asked(question: Question) -> dict[str, Any]:
    """Return how a report tells what it is of."""
    period = question.period
    told: dict[str, Any] = {
        "period": {
            "from": str(period.first),
            "to": str(period.last),
            "interval": period.interval,
            "time_zone": period.time_zone,
        }
    }
    if question.dimension is not None:
        told["dimension"] = question.dimension
    if question.subject != SITE:
        told["filter"] = question.subject._asdict()
    return told


def _json(request: Request, site: Site, question: Question, report: Report, more: dict[str, Any]) -> Response:
    document = {
        "site": site.name,
        **_asked(question),
        "totals": report.totals(),
        "series": report.series(),
        "rows": report.rows(),
        **more,
    }
    return tagged(request, document)


def _csv(request: Request, site: Site, question: Question, report: Report, _: dict[str, Any]) -> Response:
    """Return the rows, or the series where a report has none; a comparison and who is there have no place in it."""
    lines = report.series() if question.dimension is None else report.rows()
    text = to_csv(report.columns, lines)
    # A tag of its own: it is another text than the JSON of the same numbers.
    response = tagged(request, {"csv": text})
    if response.document is None:
        return response
    period = question.period
    name = f"{site.name}-{question.dimension or period.interval}-{period.first}-{period.last}.csv"
    headers = {**response.headers, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(200, headers=headers, content_type=f"{CSV}; charset=utf-8", text=text)


def _is_live(request: Request, question: Question, day: date) -> bool:
    """Tell whether a report tells who is there at this moment: where today is in it, unless it is not wanted."""
    wanted = flag(request, "realtime")
    return question.period.first <= day <= question.period.last if wanted is None else wanted


handler = Endpoint("query_analytics", answer, allowed_origins=settings.allowed_origins)
