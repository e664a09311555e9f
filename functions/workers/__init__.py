"""Apply messages to the table, or send them on."""
