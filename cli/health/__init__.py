"""How a stage is: what waits, fails and sounds, and whether everything that it needs is there."""
