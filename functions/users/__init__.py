"""Administer users and sign them in, synchronously, on Cognito."""
