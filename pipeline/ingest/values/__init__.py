"""Text cells become dates, amounts, hours."""
