"""Visits as the command line shows them, and how they are forgotten."""
