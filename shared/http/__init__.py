"""What every function behind the API does the same way."""
