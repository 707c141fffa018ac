"""Reference data on screen: accounts, accounting periods, settings, glossary."""
