"""Turn a bearer token into an IAM policy."""
