"""The schedule centre on screen."""
