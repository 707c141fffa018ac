"""People with their roles and allocations."""
