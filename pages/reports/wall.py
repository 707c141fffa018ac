"""Wall: which pages does a screen in the room turn through?"""

from ui.frame import navigation
from ui.frame.head import page_head
from ui.reports import wall
from ui.shell import data
from ui.shell.wording import _

data.snapshot_or_stop()

page_head(_("The chosen pages full screen, one after the other, each with the newest numbers."))
wall.wall(navigation.all_pages())
