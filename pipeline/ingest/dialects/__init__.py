"""What tools call things: their headers, words, units and marks."""
