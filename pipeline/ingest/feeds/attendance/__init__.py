"""Hours of presence."""
