"""Lambda entry points: a folder is a role in the flow, a file is one function."""
