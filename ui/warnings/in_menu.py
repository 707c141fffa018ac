"""How many warnings want somebody, beside the menu's word on every page."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from models.alerts.alert import AlertToday
from ui.shell import data
from ui.shell.filters import current_filters
from ui.warnings.entries import counts

_log = logging.getLogger("plimsoll.app")


def count(view: data.BuildView | None, rows: Sequence[AlertToday]) -> int:
    """How many causes are critical in what is chosen; 0 where that cannot be told, for the page goes on whatever goes wrong here.

    rows: every open alert.
    """
    if view is None or not rows:
        return 0
    try:
        return counts(rows, view, current_filters())[0]
    except Exception:
        _log.exception("the warnings could not be counted")
        return 0
