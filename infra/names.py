"""Physical names of what a stage consists of: fixed, so that commands, logs and alarms find it without asking."""

API_STAGE = "v1"
"""Name of the API's stage, and the first part of every path."""

ALIAS = "live"
"""Alias that callers invoke; a deployment moves it to the version it publishes."""


class Names:
    """Names of one stage.

    Parameters
    ----------
    stage
        The stage's name.
    """

    def __init__(self, stage: str) -> None:
        self._prefix = f"sitewire-{stage}"
        self.stack = self._prefix
        self.table = self._prefix
        self.bus = self._prefix
        self.api = self._prefix
        self.undelivered_queue = f"{self._prefix}-undelivered"
        self.user_pool = self._prefix
        self.contact_parameter = f"/sitewire/{stage}/contact/mail"
        self.preview_key = f"sitewire/{stage}/preview-key"
        self.release_schedule = f"{self._prefix}-release-projects"
        self.salts_schedule = f"{self._prefix}-remove-salts"
        self.salts = f"/sitewire/{stage}/analytics/salt/"
        self.access_log_group = f"/sitewire/{stage}/api-access"

    def function(self, name: str) -> str:
        """Return the function name of the function with the short name `name`."""
        return f"{self._prefix}-{name.replace('_', '-')}"

    def log_group(self, name: str) -> str:
        """Return the log group of a function."""
        return f"/aws/lambda/{self.function(name)}"

    def queue(self, worker: str) -> str:
        """Return the name of a worker's queue."""
        return self.function(worker)

    def usage_plan(self, tier: str) -> str:
        """Return the name of a tier's usage plan."""
        return f"{self._prefix}-{tier}"

    def alarm(self, kind: str, of: str = "") -> str:
        """Return the name of an alarm of a kind, of the function or queue `of` where there are several."""
        return f"{self.function(of)}-{kind}" if of else f"{self._prefix}-{kind}"

    def topic(self, name: str) -> str:
        """Return the name of a topic."""
        return f"{self._prefix}-{name}"

    def dashboard(self, subject: str) -> str:
        """Return the name of a dashboard."""
        return f"{self._prefix}-{subject}"

    def query(self, name: str) -> str:
        """Return the name of a saved query; what stands before the slash is its folder in the console."""
        return f"{self._prefix}/{name}"

    def dead_letter_queue(self, worker: str) -> str:
        """Return the name of a worker's dead-letter queue."""
        return f"{self.function(worker)}-dlq"
