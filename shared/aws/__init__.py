"""How the ingest path talks to AWS: signed requests over one kept connection, without an SDK."""
