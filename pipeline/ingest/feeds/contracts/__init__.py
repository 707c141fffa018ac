"""Contracts with customers and vendors."""
