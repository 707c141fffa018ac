"""Coverage of code by tests."""
