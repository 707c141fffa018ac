"""The line: what a build says about every level, and what becomes of an alert. No clock, no database, no screen."""
