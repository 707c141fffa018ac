"""The control store: its tables, and how a store of an earlier version is brought to those of today."""
