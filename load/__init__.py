"""Load journeys and benchmarks."""
