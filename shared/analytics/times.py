"""Where a moment lies in a site's days."""

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import zoneinfo

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
_MOST_DAYS = 8
"""Days that are kept in memory; an event may lie in three."""


class Calendar:
    """The days of a time zone, each from its midnight to the next: 23 to 25 hours where clocks are changed.

    Parameters
    ----------
    time_zone
        Name of the zone in the IANA database.
    """

    def __init__(self, time_zone: str) -> None:
        self._name = time_zone
        # Python's own module for time zones is loaded where there is one to be reckoned with.
        self._zone: zoneinfo.ZoneInfo | None = None
        self._days: list[tuple[int, int, str]] = []

    def place(self, moment: int) -> tuple[str, int]:
        """Return the date of a moment, in milliseconds since the epoch, and how many have passed since its midnight."""
        for start, end, day in self._days:
            if start <= moment < end:
                return day, moment - start
        start, end, day = self._utc_day(moment) if self._name == "UTC" else self._local_day(moment)
        self._days = [(start, end, day), *self._days[: _MOST_DAYS - 1]]
        return day, moment - start

    def _utc_day(self, moment: int) -> tuple[int, int, str]:
        start = moment // DAY_MS * DAY_MS
        return start, start + DAY_MS, time.strftime("%Y-%m-%d", time.gmtime(start // 1000))

    def _local_day(self, moment: int) -> tuple[int, int, str]:
        import datetime  # noqa: PLC0415
        import zoneinfo  # noqa: PLC0415

        if self._zone is None:
            self._zone = zoneinfo.ZoneInfo(self._name)
        date = datetime.datetime.fromtimestamp(moment / 1000, self._zone).date()
        return self._midnight(date), self._midnight(date + datetime.timedelta(days=1)), date.isoformat()

    def _midnight(self, date: "datetime.date") -> int:
        """Return when a day begins. Where clocks skip its midnight, that is when they do so (PEP 495)."""
        import datetime  # noqa: PLC0415

        midnight = datetime.datetime(date.year, date.month, date.day, tzinfo=self._zone)
        return int(midnight.timestamp()) * 1000


def milliseconds(moment: "datetime.datetime") -> int:
    """Return a moment, of whatever offset, in milliseconds since the epoch."""
    return round(moment.timestamp() * 1000)
