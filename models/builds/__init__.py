"""A published build: where it lies, how it is read, what a person chose to see of it."""
