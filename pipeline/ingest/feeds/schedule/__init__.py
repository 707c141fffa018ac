"""Schedules: task lists and planning tools' files."""
