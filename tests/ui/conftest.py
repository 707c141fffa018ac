"""What all tests of the screen share."""

from ui.shell import figures

figures.CHECKED = True
