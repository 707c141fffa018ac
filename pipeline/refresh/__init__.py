"""A refresh: freeze the inputs, build, publish."""
