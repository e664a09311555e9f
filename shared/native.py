"""pydantic_core's extension module alone, which runs the compiled validators."""

import importlib.machinery
import importlib.util
import sys
from types import ModuleType
from typing import Any

_NATIVE = "pydantic_core._pydantic_core"


def _native_core() -> ModuleType:
    """Load pydantic_core's extension module alone.

    Its package also builds the typing vocabulary in which core schemas are written (`pydantic_core.core_schema`,
    `typing_extensions`): five sixths of the import, and of no use to one that only validates.
    """
    if loaded := sys.modules.get(_NATIVE):
        return loaded
    package = importlib.machinery.PathFinder.find_spec("pydantic_core")
    if package is None or package.submodule_search_locations is None:
        message = "pydantic_core is not installed"
        raise ModuleNotFoundError(message, name="pydantic_core")
    spec = importlib.machinery.PathFinder.find_spec(_NATIVE, package.submodule_search_locations)
    assert spec is not None  # noqa: S101  the package is nothing without its extension
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules[_NATIVE] = module
    return module


core: Any = _native_core()
"""The extension module."""
