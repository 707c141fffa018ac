"""The kinds of warnings: levels passed, early signs, changes against the past, stale data."""
