"""What operators look at: a dashboard for each question."""
