"""Ledgers, vouchers and lists of costs."""
