"""What every tier needs: the compiled validators, and an environment that is nobody's AWS account."""

import os
from pathlib import Path

import schemas
from schemas.compiler import compile_all


def pytest_configure() -> None:
    """Compile the validators before any function is imported, as the build of the layer does."""
    compile_all(Path(schemas.__file__).parent / "compiled")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        {
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
        }
    )
