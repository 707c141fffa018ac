"""Text files: encoding, separators, records."""
