"""The cost centre on screen."""
