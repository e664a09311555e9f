"""Read the table."""
