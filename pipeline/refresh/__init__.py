"""A refresh: from the landed files to a published build."""
