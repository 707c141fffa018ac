"""What stands around every page: the menu, the bar of what is chosen, the page's head, and what listens to the browser."""
