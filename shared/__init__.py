"""The code every function may use, shipped as a layer."""
