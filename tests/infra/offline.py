"""Synthesizes as `python -m infra.app` does, with every way to the network shut, for Python as for Node.

What was tried is written to the file that RECORD names: a refusal alone could be caught and passed over.
"""

import os
import sys
from pathlib import Path
from unittest.mock import patch

RECORD = "NETWORK_RECORD"
_NETWORK = frozenset(
    {"socket.bind", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendmsg", "socket.sendto"}
)


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse an audited event that reaches for the network."""
    if event in _NETWORK:
        with Path(os.environ[RECORD]).open("a") as record:
            record.write(f"python: {event} {arguments}\n")
        raise PermissionError(event)


def main() -> None:
    """Synthesize the example's stage."""
    sys.addaudithook(refuse)
    from infra import app, stage  # noqa: PLC0415  what they do when imported is watched, too

    with patch.object(app, "configuration_file", lambda root: root / stage.EXAMPLE):
        app.main()


if __name__ == "__main__":
    main()
