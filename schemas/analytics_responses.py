"""Response bodies about visits."""

import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class AnalyticsPeriod(BaseModel):
    """Days, the first and the last included, in the time zone of the site."""

    model_config = ConfigDict(serialize_by_alias=True)

    first: datetime.date = Field(alias="from")
    last: datetime.date = Field(alias="to")
    interval: Literal["hour", "day", "month"] = Field(description="What the series is divided into.")
    time_zone: str = Field(description="A name of the IANA time zone database, such as Europe/Berlin.")


class AnalyticsDays(BaseModel):
    """Days, the first and the last included."""

    model_config = ConfigDict(serialize_by_alias=True)

    first: datetime.date = Field(alias="from")
    last: datetime.date = Field(alias="to")


class AnalyticsFilter(BaseModel):
    """What a report is narrowed to."""

    dimension: str
    value: str


class AnalyticsMetrics(BaseModel):
    """Metrics: those that were asked for, or all that there are."""

    pageviews: int | None = None
    visitors: int | None = Field(
        default=None,
        description="Distinct in each day (or hour), added up over the days: nothing tells who comes back.",
    )
    visits: int | None = None
    events: int | None = None
    bounce_rate: float | None = Field(
        default=None, description="Of all visits, those of one page view and nothing else: 0 to 1; null without visits."
    )
    visit_duration: float | None = Field(default=None, description="Seconds on average; null without visits.")
    views_per_visit: float | None = Field(default=None, description="On average; null without visits.")


class AnalyticsMoment(AnalyticsMetrics):
    """An hour, a day or a month of the period."""

    time: str = Field(description="`2026-01-31T13:00:00+01:00`, `2026-01-31` or `2026-01`.")


class AnalyticsRow(AnalyticsMetrics):
    """A value of the dimension, which is under the dimension's name: `{"page": "/x", "pageviews": 3}`.

    Of `property`, `event`, `property` and `value` say which it is. `(other)` stands for all others.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str] = Field(init=False)


class AnalyticsComparison(BaseModel):
    """The period before, which has as many days."""

    period: AnalyticsDays
    totals: AnalyticsMetrics
    changes: dict[str, float | None] = Field(
        description="Of each metric the change as a fraction of what it was: 0.5 is half as much again; null from 0."
    )


class AnalyticsRealtime(BaseModel):
    """Who is there at this moment."""

    visitors: int = Field(description="Of the last five minutes.")


class AnalyticsReport(BaseModel):
    """What was counted of visits to a site."""

    site: str
    period: AnalyticsPeriod
    dimension: str | None = Field(default=None, description="What the rows are by; absent where there are none.")
    filter: AnalyticsFilter | None = Field(default=None, description="What totals and series are of, if not the site.")
    totals: AnalyticsMetrics
    series: list[AnalyticsMoment] = Field(description="Every hour, day or month, also those without any visit.")
    rows: list[AnalyticsRow] = Field(description="Ordered as `metrics` tells; all others are the last one.")
    comparison: AnalyticsComparison | None = None
    realtime: AnalyticsRealtime | None = Field(
        default=None, description="Absent where today is not in the period, unless it is asked for."
    )
