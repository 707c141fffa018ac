"""Hours worked."""
