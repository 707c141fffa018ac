"""Running it: data health, refreshes, the web server."""
