"""Projects: what a command makes of one, without any AWS."""
