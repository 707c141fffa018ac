"""Rows of a ledger that are several lines."""
