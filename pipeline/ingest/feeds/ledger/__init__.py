"""Ledgers: the lines of vouchers."""
