"""Outline and links of a schedule's tasks."""
