"""The release gate: its conditions, its measures, its verdict in words."""
