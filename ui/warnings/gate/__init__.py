"""The release gate on screen."""
