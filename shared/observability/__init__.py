"""Log lines, metrics and the ids that tie them together."""
