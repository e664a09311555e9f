"""Do what a clock asks for."""
