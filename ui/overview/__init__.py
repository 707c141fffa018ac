"""The portfolio and the sheet of one project on screen."""
