"""What all tests of the screen share."""

from ui import figures

figures.CHECKED = True
