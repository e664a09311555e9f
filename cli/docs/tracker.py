"""web/tracker/sitewire.min.js: the script that sites serve, made from the one that people read."""

import importlib.util

from cli.tracker import SCRIPT

SOURCE = SCRIPT.with_name("sitewire.js")


def tracker_script() -> str:
    """Return the script minified; where the minifier can't be installed, as it is committed."""
    if importlib.util.find_spec("minify") is None:
        return SCRIPT.read_text()
    import minify  # noqa: PLC0415  its wheels are for Linux

    return f"{minify.string('text/javascript', SOURCE.read_text())}\n"
