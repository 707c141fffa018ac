"""Issues and their history."""
