"""Change one record synchronously, on an editor's behalf."""
