"""The rows behind a number: evidence, duplicates, what is told twice, losses."""
