"""Balances of accounts by period."""
