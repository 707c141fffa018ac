"""Spreadsheets: sheets, cells, and what hides in them."""
