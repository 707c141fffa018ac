"""Rules on screen."""
