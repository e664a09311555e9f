"""Watch the sources while a stage runs."""

import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import PythonFilter, watch

from local.paths import ROOT

_CODE = tuple(ROOT / name for name in ("functions", "schemas", "shared"))
_TEMPLATE = ROOT / "infra"
# What the template is made from beside infra/; `local.synthesis` knows it to the byte.
_ALSO_TEMPLATE = frozenset({"gateway_models.py", "requests.py", "routes.py", "settings.py", "sitewire.toml"})
_CONFIGURATION = ROOT / "sitewire.toml"
_DEBOUNCE_MILLISECONDS = 100


class SourceFilter(PythonFilter):
    """Python files and mail templates, but not what is generated from them."""

    def __init__(self) -> None:
        super().__init__(extra_extensions=(".txt", ".html", ".toml"))

    def __call__(self, change: object, path: str) -> bool:
        """Tell whether a change matters."""
        return "compiled" not in Path(path).parts and super().__call__(change, path)  # type: ignore[arg-type]


def watch_sources(
    *, code_changed: Callable[[], None], template_changed: Callable[[], None], stop: threading.Event
) -> None:
    """Call back for edits until `stop` is set: one call for all that was saved together."""
    configuration = [_CONFIGURATION] if _CONFIGURATION.exists() else []
    for changes in watch(
        *_CODE, _TEMPLATE, *configuration, watch_filter=SourceFilter(), stop_event=stop, debounce=_DEBOUNCE_MILLISECONDS
    ):
        paths = [Path(path) for _, path in changes]
        if any(path.is_relative_to(_TEMPLATE) or path.name in _ALSO_TEMPLATE for path in paths):
            template_changed()
        if any(path.is_relative_to(folder) for path in paths for folder in _CODE):
            code_changed()
