"""Issues as a tracker's REST interface returns them."""
