"""The control store: what people decide, in SQLite."""
