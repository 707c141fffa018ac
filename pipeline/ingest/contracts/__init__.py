"""What the steps of ingestion hand to each other."""
