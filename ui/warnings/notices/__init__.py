"""Notices and their recipients on screen."""
