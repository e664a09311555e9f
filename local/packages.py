"""Build the packages of layers and functions: without Docker, from the hashed locks, the same bytes every time."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib.metadata import distributions
from pathlib import Path

from infra.catalogue import FUNCTIONS, LAYERS, SHARED, Function, Layer
from local.errors import LocalError
from local.paths import BUILD, ROOT
from schemas.compiler import compile_all

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
_SHARED_SOURCES = ("schemas", "shared")
_LEFT_OUT = ("bin", "*.dist-info", "**/__pycache__", "**/*.pyi", "**/tests")

Report = Callable[[str], None]
"""Told what is being done, in a few words."""


class Platform(StrEnum):
    """Where a package will run."""

    LAMBDA = "lambda"
    """Lambda on arm64."""

    HERE = "here"
    """This machine's embedded AWS."""


def build(platform: Platform, report: Report) -> Path:
    """Build every package that is not up to date and return the folder that holds them.

    Raises
    ------
    LocalError
        When a dependency can't be installed, or a source of ours is not Python.
    """
    target = BUILD / platform
    target.mkdir(parents=True, exist_ok=True)
    for layer in LAYERS:
        _build_layer(layer, platform, target, report)
    build_shared(target)
    for function in FUNCTIONS:
        build_function(function, target)
    return target


def build_shared(target: Path) -> Path:
    """Build the layer of our own shared code, with the compiled validators, and return its file."""
    with tempfile.TemporaryDirectory() as scratch:
        python = Path(scratch) / "python"
        for package in _SHARED_SOURCES:
            _copy_sources(ROOT / package, python / package, "**/*.py")
        _require_python(python)
        compile_all(python / "schemas" / "compiled")
        return _pack(Path(scratch), target / f"layer-{SHARED}.zip", prefix="/opt")


def build_function(function: Function, target: Path) -> Path:
    """Build a function's own package and return its file."""
    with tempfile.TemporaryDirectory() as scratch:
        package = Path("functions")
        room = package / function.room
        _copy_sources(ROOT / package, Path(scratch) / package, "__init__.py")
        for pattern in ("__init__.py", "settings.py", f"{function.module}.py", *function.sources):
            _copy_sources(ROOT / room, Path(scratch) / room, pattern)
        _require_python(Path(scratch))
        return _pack(Path(scratch), target / f"function-{function.name}.zip", prefix="/var/task")


def _build_layer(layer: Layer, platform: Platform, target: Path, report: Report) -> None:
    lock = ROOT / "requirements" / f"layer-{layer.name}.txt"
    archive = target / f"layer-{layer.name}.zip"
    stamp = archive.with_suffix(".inputs")
    inputs = _digest(lock.read_bytes(), Path(__file__).read_bytes(), repr((layer, platform)).encode())
    if archive.exists() and stamp.exists() and stamp.read_text() == inputs:
        return
    report(f"Building layer {layer.name}")
    with tempfile.TemporaryDirectory() as scratch:
        python = Path(scratch) / "python"
        _install(lock, python, platform)
        manifest = _manifest(layer, python)
        for pattern in _LEFT_OUT:
            for path in list(python.glob(pattern)):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if layer.aws_services:
            _trim_botocore(python / "botocore" / "data", layer.aws_services)
        (Path(scratch) / f"manifest-{layer.name}.json").write_text(manifest)
        _pack(Path(scratch), archive, prefix="/opt")
    stamp.write_text(inputs)


def _install(lock: Path, target: Path, platform: Platform) -> None:
    command = [
        str(Path(sys.executable).parent / "uv"), "pip", "install", "--quiet", "--require-hashes", "--no-deps",
        "--only-binary", ":all:", "--python", sys.executable, "--target", str(target), "--requirement", str(lock),
    ]  # fmt: skip
    if platform is Platform.LAMBDA:
        command += ["--python-platform", "aarch64-manylinux_2_28", "--python-version", "3.13"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own arguments
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if line.strip()), "uv gave no reason")
        message = f"{lock.name} can't be installed: {reason.strip()} (check the network, then run it again)"
        raise LocalError(message)


def _manifest(layer: Layer, installed: Path) -> str:
    packages = {found.name: found.version for found in distributions(path=[str(installed)])}
    return json.dumps({"layer": layer.name, "packages": packages}, indent=2, sort_keys=True) + "\n"


def _trim_botocore(data: Path, services: tuple[str, ...]) -> None:
    """Remove the models of all services but `services`; the files beside them serve every service."""
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in services:
            shutil.rmtree(folder)


def _copy_sources(source: Path, target: Path, pattern: str) -> None:
    for path in source.glob(pattern):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _require_python(folder: Path) -> None:
    """Make sure that our own sources can be compiled: what can't would only fail when the function starts."""
    for path in _files(folder):
        if path.suffix == ".py":
            try:
                compile(path.read_bytes(), path.name, "exec")
            except (SyntaxError, ValueError) as error:
                where = f"{path.relative_to(folder)}:{getattr(error, 'lineno', None) or 1}"
                message = f"{where}: {getattr(error, 'msg', error)}"
                raise LocalError(message) from None


def _pack(folder: Path, archive: Path, *, prefix: str) -> Path:
    """Compile the Python files in `folder` and write all of it to `archive`, whose bytes depend on the content alone.

    Lambda's file system is read-only, so what is not compiled here is compiled at every cold start. The compiled
    files carry a hash that is not checked, because a normalised time stamp would not match; and the path `prefix`
    under which they will lie, not the one of this build.
    """
    _compile(folder, prefix)
    # Two builds at once make the same, each in a file of its own.
    unfinished = archive.with_suffix(f".{os.getpid()}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for path in _files(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, path.read_bytes())
    unfinished.replace(archive)
    return archive


def _compile(folder: Path, prefix: str) -> None:
    # What marshal writes depends on the strings that its process has interned and on the order of its sets: each
    # build is compiled by a process that has seen nothing else, with one seed for all.
    subprocess.run(  # noqa: S603  our own arguments
        [
            sys.executable, "-S", "-P", "-m", "compileall", "-qq", "-s", str(folder), "-p", prefix,
            "--invalidation-mode", "unchecked-hash", str(folder),
        ],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=False,  # a file that only tests or another Python could compile is shipped as it is
    )  # fmt: skip


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.rglob("*") if path.is_file()))


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
