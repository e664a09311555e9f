"""The embedded AWS's own process: MiniStack, with known gaps mended at their source.

It runs in the emulator's environment, where nothing of this project is installed, and imports nothing of it but what is
in this folder. Environment: what MiniStack reads; `SITEWIRE_API_ID` and `SITEWIRE_API_STAGE`, the API behind the plain
URL; and optionally `SITEWIRE_DECISIONS`, a file to which every decision about a role's call is written.
"""

import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ministack import app as ministack

from local.emulator.challenges import mend_challenges
from local.emulator.gateway import keep_request, mend_preflight, mend_undeclared_media_types
from local.emulator.log_pages import mend_log_pages
from local.emulator.permissions import (
    mend_batch_permissions,
    mend_integration_permissions,
    mend_mail_permissions,
    mend_secure_transport,
    record_decisions,
)
from local.emulator.templates import mend_template_conditions, mend_template_variables
from local.emulator.unpacking import mend_unpacking

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


class PlainUrl:
    """Serves the API at `http://localhost:<port>/<stage>/...`, a URL that any client can use and that stays the same.

    API Gateway tells a function how the caller reached it by X-Forwarded headers, so those are added here.
    """

    def __init__(self, application: Application, *, api_id: str, stage: str) -> None:
        self._application = application
        self._prefix = f"/{stage}"
        self._target = f"/_aws/execute-api/{api_id}"

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI's own
        """Rewrite the paths below the stage; everything else is an AWS call."""
        path = scope.get("path", "")
        if scope["type"] == "http" and (path == self._prefix or path.startswith(f"{self._prefix}/")):
            raw = scope.get("raw_path") or path.encode()
            forwarded = [(b"x-forwarded-proto", scope.get("scheme", "http").encode()),
                         (b"x-forwarded-for", (scope.get("client") or ("127.0.0.1",))[0].encode())]  # fmt: skip
            headers = [header for header in scope["headers"] if header[0].lower() not in dict(forwarded)]
            scope = {
                **scope,
                "path": f"{self._target}{path}",
                "raw_path": self._target.encode() + raw,
                "headers": [*headers, *forwarded],
            }
        await self._application(scope, receive, send)


def end_with_parent() -> None:
    """End in order when whoever started this process is gone: its end of our standard input closes then."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def main() -> None:
    """Serve until SIGTERM."""
    # Functions inherit this process's environment, and Powertools would take this for its own setting.
    os.environ.pop("LOG_LEVEL", None)
    end_with_parent()
    keep_request()
    mend_preflight()
    mend_template_conditions()
    mend_template_variables()
    mend_integration_permissions()
    mend_undeclared_media_types()
    mend_mail_permissions()
    mend_batch_permissions()
    mend_secure_transport()
    if path := os.environ.get("SITEWIRE_DECISIONS"):
        record_decisions(path)
    mend_challenges()
    mend_log_pages()
    mend_unpacking()
    ministack.app = PlainUrl(
        ministack.app, api_id=os.environ["SITEWIRE_API_ID"], stage=os.environ["SITEWIRE_API_STAGE"]
    )
    ministack.main()
