"""Origins that the example configuration does not allow, each a different way to look as if it did."""

FOREIGN = [
    "https://evil.example",
    "https://example.org.evil.example",
    "https://exampleXorg",
    "http://example.org",
    "null",
]
