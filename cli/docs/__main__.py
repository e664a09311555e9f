"""`python -m cli.docs`: write the generated documents, or with --check tell which are stale."""

from typing import Annotated

import typer

from cli.console import complain, err
from cli.docs.cloud import Cloud
from cli.docs.documents import stale_documents, write_documents
from cli.docs.synthesis import synthesized_template
from local.paths import ROOT


def main(
    *, check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if one is stale.")] = False
) -> None:
    """Write the documents that are generated from the code."""
    cloud = Cloud(synthesized_template())
    if not check:
        for path in write_documents(ROOT, cloud):
            err.print(f"wrote {path}")
        return
    if stale := stale_documents(ROOT, cloud):
        complain(f"{', '.join(stale)}: not what the code says; run 'make generate' and commit what it writes")
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
