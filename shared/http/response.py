"""A response, as API Gateway's proxy integration takes it."""

import json
from typing import Any, NamedTuple


class Response(NamedTuple):
    """Status, document (none for an empty body) and headers.

    `counts` are metrics beside those that every request has; `text` is the body where that is no document.
    """

    status: int
    document: dict[str, Any] | None = None
    headers: dict[str, str] = {}  # noqa: RUF012  never changed: a tuple's default
    content_type: str = "application/json"
    counts: dict[str, int] = {}  # noqa: RUF012  never changed: a tuple's default
    text: str = ""

    def to_proxy(self, headers: dict[str, str]) -> dict[str, Any]:
        """Return the proxy integration's answer, with `headers` beside the response's own."""
        body = self.text
        if self.document is not None:
            body = json.dumps(self.document, separators=(",", ":"), ensure_ascii=False)
        own = {"Content-Type": self.content_type} if body else {}
        return {"statusCode": self.status, "headers": {**own, **self.headers, **headers}, "body": body}
