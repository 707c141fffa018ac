"""Accepted rows become a batch: staged, landed, undone."""
