"""Files of planning tools, each into tasks."""
