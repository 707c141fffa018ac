"""Alerts as they are kept: evaluated once per published build, answered by people, with the whole history."""
