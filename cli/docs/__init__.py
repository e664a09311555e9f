"""Documents that are generated from the code: one module writes one document, `documents` lists them."""

import infra  # noqa: F401  before aws_cdk is imported: it says which Node the constructs run in
