"""Numbers, dates and sentences in the languages of the screens."""
