"""What one invocation counts, until its last line tells it."""

from shared.observability.lines import Values


class Tally:
    """Counts and values by metric name; one for each execution environment, which is emptied by each invocation."""

    def __init__(self) -> None:
        self._counts: dict[str, float] = {}
        self._values: dict[str, tuple[list[float], str]] = {}

    def count(self, name: str, by: float = 1.0) -> None:
        """Count something."""
        self._counts[name] = self._counts.get(name, 0.0) + by

    def measure(self, name: str, value: float, unit: str) -> None:
        """Add a value to a metric, which is told with each of its values, a hundred at most."""
        self._values.setdefault(name, ([], unit))[0].append(value)

    def take(self) -> dict[str, tuple[Values, str]]:
        """Return what was counted since the last time, as `RequestLog.write` takes it."""
        taken: dict[str, tuple[Values, str]] = {name: (count, "Count") for name, count in self._counts.items()}
        taken.update(self._values)
        self._counts, self._values = {}, {}
        return taken
