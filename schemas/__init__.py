"""Pydantic models and tables: the single source of truth for requests, responses, events and records."""
