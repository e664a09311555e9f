"""Verify access tokens: the issuers, their keys, and whom a token speaks for.

What uses it needs the layer `tokens`. Functions that also answer without a token import it when one is shown.
"""
