"""The plan of costs and hours by element and month."""
