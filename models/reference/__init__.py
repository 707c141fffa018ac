"""Reference data: accounts, currencies, project codes and settings, closed books."""
