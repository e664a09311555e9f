"""What runs in the emulator's own environment."""
