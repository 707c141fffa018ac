"""What is shown to a room or taken along: the wall."""
