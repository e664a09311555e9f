"""Projects as JSON Lines: out of a stage and into one, through its HTTP API."""
