from collections.abc import Callable
from types import ModuleType

import pytest

from tests.functional.functions.workers.project_bench import ProjectBench


@pytest.fixture
def bench(load: Callable[[str], ModuleType]) -> ProjectBench:
    """Return the worker of projects with an empty table."""
    return ProjectBench(load("functions.workers.apply_project"))
