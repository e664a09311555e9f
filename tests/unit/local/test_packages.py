import json
import marshal
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

from infra.catalogue import FUNCTIONS, Function
from local.packages import build_function, build_shared
from local.paths import ROOT
from schemas.requests import REQUESTS

_BY_NAME = {function.name: function for function in FUNCTIONS}

# importlib's header of a .pyc: magic number, flags, and for hashed ones the source's hash.
_FLAGS = slice(4, 8)
_HEADER = 16
_UNCHECKED_HASH = (0b01).to_bytes(4, "little")

_BUILD_ELSEWHERE = """
import sys
from pathlib import Path
from infra.catalogue import FUNCTIONS
from local.packages import build_function, build_shared
target = Path(sys.argv[1])
build_shared(target)
for function in FUNCTIONS:
    build_function(function, target)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all packages of our own code."""
    target = tmp_path_factory.mktemp("built")
    build_shared(target)
    for function in FUNCTIONS:
        build_function(function, target)
    return target


def names_in(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as package:
        return package.namelist()


def compiled_in(archive: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(archive) as package:
        for name in package.namelist():
            if name.endswith(".pyc"):
                yield package.read(name)


def test_the_same_sources_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = [build_shared(tmp_path), *(build_function(function, tmp_path) for function in FUNCTIONS)]

    for archive in again:
        assert archive.read_bytes() == (built / archive.name).read_bytes(), archive.name


def test_another_process_in_another_place_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    target, scratch = tmp_path / "target", tmp_path / "scratch"
    target.mkdir()
    scratch.mkdir()
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TMPDIR": str(scratch), "TZ": "Pacific/Auckland"}

    subprocess.run([sys.executable, "-c", _BUILD_ELSEWHERE, str(target)], cwd=ROOT, env=environment, check=True)

    assert {path.name for path in target.iterdir()} == {path.name for path in built.iterdir()}
    for archive in target.iterdir():
        assert archive.read_bytes() == (built / archive.name).read_bytes(), archive.name


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_is_shipped_with_its_handler_and_nothing_of_others(built: Path, function: Function) -> None:
    names = names_in(built / f"function-{function.name}.zip")

    room = f"functions/{function.room}"
    sources = {name for name in names if "__pycache__" not in name}
    assert {
        "functions/__init__.py",
        f"{room}/__init__.py",
        f"{room}/settings.py",
        f"{room}/{function.module}.py",
    } <= sources
    others = {f"{room}/{other.module}.py" for other in FUNCTIONS if other.module != function.module}
    assert sources.isdisjoint(others - {f"{room}/{source}" for source in function.sources})
    assert all(name.startswith(("functions/__init__", "functions/__pycache__", f"{room}/")) for name in names)


def test_mails_are_shipped_with_their_templates(built: Path) -> None:
    names = names_in(built / "function-notify_contact.zip")

    templates = {path.name for path in (ROOT / "functions/workers/templates").iterdir()}
    assert {f"functions/workers/templates/{name}" for name in templates} <= set(names)


def test_the_shared_layer_holds_the_compiled_validators(built: Path) -> None:
    with zipfile.ZipFile(built / "layer-shared.zip") as package:
        for name in REQUESTS:
            assert json.loads(package.read(f"python/schemas/compiled/{name}.json"))["schema"]


def test_every_source_is_compiled_by_a_hash_that_nobody_checks(built: Path) -> None:
    for archive in built.glob("*.zip"):
        sources = [name for name in names_in(archive) if name.endswith(".py")]
        compiled = list(compiled_in(archive))

        assert len(compiled) == len(sources) > 0, archive.name
        assert {code[_FLAGS] for code in compiled} == {_UNCHECKED_HASH}, archive.name


@pytest.mark.parametrize(
    ("package", "prefix"), [("layer-shared", "/opt/python/"), ("function-authorizer", "/var/task/")]
)
def test_compiled_code_says_where_it_will_lie(built: Path, package: str, prefix: str) -> None:
    for compiled in compiled_in(built / f"{package}.zip"):
        code: CodeType = marshal.loads(compiled[_HEADER:])

        assert code.co_filename.startswith(prefix)


def test_no_path_of_this_machine_is_shipped(built: Path, tmp_path: Path) -> None:
    paths = [os.fsencode(path) for path in (ROOT, Path(sys.prefix), tmp_path.parent)]

    for archive in built.glob("*.zip"):
        with zipfile.ZipFile(archive) as package:
            contents = {name: package.read(name) for name in package.namelist()}
        assert not [name for name, content in contents.items() if any(path in content for path in paths)], archive.name


def test_every_entry_is_readable_by_everyone_and_of_the_same_day(built: Path) -> None:
    for archive in built.glob("*.zip"):
        with zipfile.ZipFile(archive) as package:
            entries = package.infolist()

        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in entries} == {0o644}


def test_nothing_unfinished_is_left_behind(built: Path) -> None:
    assert {path.suffix for path in built.iterdir()} == {".zip"}
