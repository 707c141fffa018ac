"""What this is, for somebody who has just come: one picture, three sentences, and what each export gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.kpis.catalogue import short_name
from models.vocabulary import KpiStatus
from ui.grid.cells import Cell, Column
from ui.kpis import bullet as mark
from ui.shell.markup import Markup, joined, put
from ui.shell.tables import grid
from ui.shell.wording import _, feed_word, first_of, language, listed

NAMED = 6


def what_this_is() -> None:
    """Draws the picture and the sentences."""
    words = {"value": _("the value"), "warning": _("warning level"), "critical": _("critical level: the load line")}
    steps = [
        (
            _("Exports"),
            _("issues, timesheets, ledger, budget, contracts, schedule, coverage, tests: as your tools write them"),
        ),
        (_("Checked"), _("every row, and what is wrong is named with file and line")),
        (_("Counted"), _("KPIs, each with its rows behind it")),
        (_("Warned"), _("over a level somebody is told, and answers")),
    ]
    sentences = (
        _(
            "Plimsoll reads the exports that a project already has and says how deep the ship lies: quality, cost, "
            "schedule and labor."
        ),
        _("Every number leads to the rows it is made of; what is unknown is never a number."),
        _("Nothing leaves this machine: no internet is needed, and nothing is sent."),
    )
    boxes = joined(Markup("<li><b>{}</b><br>{}</li>").format(name, told) for name, told in steps)
    put(
        Markup(
            '<div class="first-run"><div class="first-run-mark">{}</div><ol class="first-run-steps">{}</ol><p>{}</p></div>'
        ).format(Markup(mark.explained(words)), boxes, " ".join(sentences))
    )


def wanted_files(given: Mapping[str, Sequence[str]], loaded: Sequence[str], key: str) -> None:
    """Draws which exports are wanted, those that give most first, what each gives, and which are there."""
    feeds = sorted(given, key=lambda feed: -len(given[feed]))

    def gives(feed: str) -> Cell:
        names = [short_name(label, language()) for label in given[feed]]
        return Cell(first_of(names, NAMED), len(names), hover=listed(names))

    def there(feed: str) -> Cell:
        is_there = feed in loaded
        return Cell(_("loaded") if is_there else "", float(is_there), KpiStatus.OK if is_there else "")

    grid(
        feeds,
        {
            "feed": Column(_("Export"), feed_word, width=160),
            "count": Column(_("KPIs"), lambda feed: len(given[feed]), width=70),
            "gives": Column(_("What it gives"), gives, width=560),
            "there": Column(_("State"), there, width=110),
        },
        key=key,
        label=_("Which files are wanted, and what each gives"),
    )
