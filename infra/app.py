"""Entry point of the CDK app: reads the stage, composes the stack, checks it. It makes no network call.

Context: `stage`, a name in sitewire.toml (default `local`) or all of a stage's settings; `assets`, the folder with
the built packages.
"""

import sys
from pathlib import Path

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.stack import SitewireStack
from infra.stage import Stage, StageError, configuration_file, read_stage

ROOT = Path(__file__).parent.parent


def compose(app: App, stage: Stage, assets: Path) -> SitewireStack:
    """Add the stack of a stage to an app, with the checks that synthesis must pass."""
    stack = SitewireStack(app, stage=stage, assets=assets)
    Tags.of(stack).add("project", "sitewire")
    Tags.of(stack).add("stage", stage.name)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    return stack


def main() -> None:
    """Synthesize."""
    app = App(analytics_reporting=False)
    wanted = app.node.try_get_context("stage") or "local"
    try:
        known = isinstance(wanted, dict)
        stage = Stage.model_validate(wanted) if known else read_stage(wanted, configuration_file(ROOT))
    except StageError as error:
        sys.exit(str(error))
    assets = app.node.try_get_context("assets") or str(ROOT / ".sitewire" / "build" / "lambda")
    compose(app, stage, Path(assets))
    app.synth()


if __name__ == "__main__":
    main()
