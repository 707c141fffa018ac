"""One folder per kind of feed: how its tables become rows."""
