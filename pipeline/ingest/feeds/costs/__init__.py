"""Costs as a list of documents."""
