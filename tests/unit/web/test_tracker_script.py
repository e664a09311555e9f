import gzip
import re
import subprocess
from collections.abc import Callable

from cli.tracker import SCRIPT
from local.paths import node_tool

MOST_BYTES = 2048


def test_the_script_is_below_two_kilobytes_gzipped(show_figure: Callable[[str], None]) -> None:
    script = SCRIPT.read_bytes()
    size = len(gzip.compress(script, 9, mtime=0))

    show_figure(f"tracker: {size:,} bytes gzipped, {len(script):,} as it is (at most {MOST_BYTES:,} gzipped)")
    assert size < MOST_BYTES


def test_the_script_is_javascript() -> None:
    for script in (SCRIPT, SCRIPT.with_name("sitewire.js")):
        parsed = subprocess.run([node_tool("node"), "--check", script], capture_output=True, text=True, check=False)

        assert parsed.returncode == 0, parsed.stderr


def test_the_script_loads_nothing_and_sets_no_cookie() -> None:
    script = SCRIPT.read_text()

    assert re.findall(r"import|require|https?://|cookie|userAgent|canvas", script) == []
