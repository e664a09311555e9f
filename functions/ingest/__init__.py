"""Validate a request, publish it, answer 202."""
