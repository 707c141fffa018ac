"""Changes of issues, each told once for all."""
